//! What this is, what it does not do, and what it is made of.

use super::route::Route;
use super::words::many;
use crate::attack;
use crate::base::{Side, order};
use crate::pipeline;
use crate::rules;
use crate::spec;
use crate::work::{Manual, RELEASE};
use std::collections::BTreeSet;
use yew::prelude::*;

/// The screen.
#[component(About)]
pub fn about() -> Html {
    let documents: BTreeSet<_> = order::collect(spec::all().map(|row| row.document));
    let switches: BTreeSet<_> = order::collect(
        pipeline::protocols()
            .filter_map(|protocol| pipeline::Setup::new(protocol).ok())
            .flat_map(|setup| Side::BOTH.map(|side| (setup.protocol.switches)(side)).concat())
            .map(|switch| (switch.owner.name(), switch.id)),
    );
    let counts = [
        (
            many(pipeline::protocols().count(), "protocol"),
            "each with a client, a server and an observer that reads octets",
        ),
        (
            many(switches.len(), "switch").replace("switchs", "switches"),
            "choices and faults that a client or a server can have",
        ),
        (many(attack::ALL.len(), "attack"), "of somebody in the middle"),
        (many(spec::all().count(), "requirement"), "in our own words, each with its section"),
        (many(rules::ALL.len(), "rule"), "that judge a session by its octets, with evidence"),
        (many(documents.len(), "document"), "that the requirements come from, RFC 2595 first"),
        (many(pipeline::formats().len(), "format"), "of logs that can be opened"),
    ];
    html! {
        <main class="screen about" id="text" tabindex="0">
            <h1 tabindex="-1">{ "About this laboratory" }</h1>
            <p class="lead">{ "Mail programs often begin in plain text and then ask for encryption with STARTTLS. Whoever sits in between can spoil that moment. Here you see how, message by message, and which small change prevents it." }</p>
            <section aria-labelledby="stays">
                <h2 id="stays">{ "What stays with you" }</h2>
                <p>{ "Everything runs in this window. A log that you open is read here and goes nowhere; nothing is stored unless you ask for it. The browser itself is told to refuse every other address." }</p>
                <super::proof::Proof moment={0} />
                <p>{ "To check it yourself, open your browser’s developer tools, choose the network tab and use the page; or switch your network off, and it works on." }</p>
            </section>
            <section aria-labelledby="made">
                <h2 id="made">{ "What it is made of" }</h2>
                <dl class="counts-list">
                    { for counts.into_iter().map(|(count, what)| html! { <div key={what}><dt>{ count }</dt><dd>{ what }</dd></div> }) }
                </dl>
            </section>
            <section aria-labelledby="models">
                <h2 id="models">{ "What it does not model" }</h2>
                <ul class="plain-list">
                    <li>{ "TLS is modelled: versions, suites and certificates are values, and no TLS octets are made." }</li>
                    <li>{ "Time passes only where somebody waits for an answer." }</li>
                    <li>{ "A client or a server here behaves by its switches, not like a certain program." }</li>
                    <li>{ "No connection is opened: no real server can be attacked from here." }</li>
                </ul>
                <p><a href={Route::Read(Manual::Model).hash()}>{ "All that it leaves out" }</a></p>
            </section>
            <section aria-labelledby="verdicts-mean">
                <h2 id="verdicts-mean">{ "What a verdict means" }</h2>
                <dl class="terms">
                    <div><dt>{ "✓ kept" }</dt><dd>{ "The session shows that the rule was kept, and where." }</dd></div>
                    <div><dt>{ "✕ broken" }</dt><dd>{ "The session shows that the rule was broken, and where." }</dd></div>
                    <div><dt>{ "? cannot tell" }</dt><dd>{ "A fact is missing. The verdict names it, and how to record it." }</dd></div>
                    <div><dt>{ "not applicable" }</dt><dd>{ "The session has nothing that the rule is about." }</dd></div>
                    <div><dt>{ "not in force" }</dt><dd>{ "The rule’s document is not among those chosen." }</dd></div>
                </dl>
                <p>{ "Whether an attack succeeded and whether a rule was broken are two separate answers: RFC 2595 permits a client that loses its password." }</p>
            </section>
            <section aria-labelledby="offline">
                <h2 id="offline">{ "Without a network" }</h2>
                <p>{ kept() }</p>
            </section>
            <section aria-labelledby="read-on">
                <h2 id="read-on">{ "Read on" }</h2>
                <ul class="plain-list">
                    { for [Manual::Logs, Manual::News].map(|manual| html! { <li><a href={Route::Read(manual).hash()}>{ manual.title() }</a></li> }) }
                </ul>
            </section>
            <p class="colophon">{ format!("STARTTLS Lab {}, {} · MIT or Apache-2.0 · the same engine is a command line, starttls-lab", env!("CARGO_PKG_VERSION"), commit()) }</p>
        </main>
    }
}

/// The commit that this is built from.
fn commit() -> String {
    match RELEASE == env!("CARGO_PKG_VERSION") {
        true => "built by hand".to_owned(),
        false => format!("commit {RELEASE}"),
    }
}

/// Whether the page works without a network, as the script that asked for it wrote down (`www/boot.js`).
fn kept() -> &'static str {
    let root = web_sys::window().and_then(|window| window.document()).and_then(|d| d.document_element());
    match root.and_then(|root| root.get_attribute("data-offline")).as_deref() {
        Some("ready") => {
            "This page is kept on this device and opens with the network off. A new version waits until you ask for it."
        }
        Some("refused") => {
            "The browser keeps no pages here, so that this one needs the network to open; private windows are often so. Once it is open it needs none. The page in one file needs none at all."
        }
        Some("unable") => {
            "Opened like this a page cannot be kept by the browser, so that it needs its files to open; once it is open it needs nothing. The page in one file opens from any disk."
        }
        Some("none") => "This copy is complete in itself: once it is open it needs nothing from anywhere.",
        _ => "The browser is still putting this page by, so that it opens with the network off.",
    }
}
