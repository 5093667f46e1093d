//! Sorting where it is done seldom. The standard library's sort is compiled for every type and key anew, and is four
//! kilobytes of the page's module each time; here that is one sort of numbers, and little more than the comparison is new.

use std::cmp::Ordering;

/// Sorts; what compares as equal stays in its order.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let sorted = numbers(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    // Where each item goes, rather than what stands at each place.
    let mut places = vec![0; sorted.len()];
    for (place, item) in sorted.into_iter().enumerate() {
        if let Some(at) = places.get_mut(item) {
            *at = place;
        }
    }
    for at in 0..items.len() {
        while let Some(&place) = places.get(at)
            && place != at
        {
            items.swap(at, place);
            places.swap(at, place);
        }
    }
}

/// Sorts by a key; what has the same stays in its order.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Collects into a set or a map, one item after the other: the standard library sorts what these are collected from.
pub(crate) fn collect<C: Default + Extend<T>, T>(items: impl IntoIterator<Item = T>) -> C {
    let mut all = C::default();
    all.extend(items);
    all
}

fn numbers(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..length).collect();
    numbers.sort_by(|a, b| compare(*a, *b));
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Seed;
    use rand_core::RngCore as _;
    use std::collections::BTreeSet;

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        let mut chance = Seed(7).generator(1);
        for length in 0..200 {
            let items: Vec<(u32, usize)> = (0..length).map(|n| (chance.next_u32() % 20, n)).collect();
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn a_set_has_each_item_once() {
        let set: BTreeSet<_> = collect([3, 1, 3, 2]);
        assert_eq!(set.into_iter().collect::<Vec<_>>(), [1, 2, 3]);
    }
}
