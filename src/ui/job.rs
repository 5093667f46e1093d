//! Something that the worker does for a component: begun, told about, and cancelled as soon as nobody waits for it.

use super::worker::{self, Heard, Task};
use crate::work::{Answer, Request};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// How far it is.
#[derive(Debug)]
pub enum Stage<T> {
    /// Nothing is under way.
    Idle,
    /// So much of so much is done; of nothing: nobody knows how much there is.
    Busy(u64, u64),
    /// It is done.
    Made(Rc<T>),
    /// It is not done: why, in a sentence without its end.
    Failed(Rc<str>),
}

/// The work of one component.
pub struct Job<T: 'static> {
    stage: UseStateHandle<Stage<T>>,
    task: Rc<RefCell<Option<Task>>>,
}

impl<T> Clone for Job<T> {
    fn clone(&self) -> Self {
        Self { stage: self.stage.clone(), task: Rc::clone(&self.task) }
    }
}

/// Work for a wish: when the wish is another one, or the component leaves, the work for it ends.
#[hook]
pub fn use_job<T: 'static, W: PartialEq + 'static>(wish: W) -> Job<T> {
    let stage = use_state(|| Stage::Idle);
    let task = use_mut_ref(|| None::<Task>);
    {
        let (stage, task) = (stage.clone(), task.clone());
        use_effect_with(wish, move |_| {
            stage.set(Stage::Idle);
            move || cancel(&task)
        });
    }
    Job { stage, task }
}

fn cancel(task: &RefCell<Option<Task>>) {
    if let Some(task) = task.take() {
        task.cancel();
    }
}

impl<T: 'static> Job<T> {
    /// How far it is.
    #[must_use]
    pub fn stage(&self) -> &Stage<T> {
        &self.stage
    }

    /// Has it done, in place of what is under way; `take` knows the answer that belongs to the request.
    pub fn begin(&self, request: &Request, take: impl Fn(Answer) -> Option<T> + 'static) {
        cancel(&self.task);
        self.stage.set(Stage::Busy(0, 0));
        let stage = self.stage.clone();
        let asked = worker::ask(request, &[], move |heard| match heard {
            Heard::Progress(done, all) => stage.set(Stage::Busy(done, all)),
            Heard::Done(answer) => {
                if let Some(made) = take(answer) {
                    stage.set(Stage::Made(Rc::new(made)));
                }
            }
            Heard::Failed(why) | Heard::Missing(why) => stage.set(Stage::Failed(why.into())),
        });
        self.task.replace(Some(asked));
    }

    /// Ends it; with a word about that it has failed by it, otherwise it was never begun.
    pub fn stop(&self, why: Option<&str>) {
        cancel(&self.task);
        self.stage.set(why.map_or(Stage::Idle, |why| Stage::Failed(why.into())));
    }
}
