//! The documents of a page: which there are, and in which session the browser answers for each.

use std::collections::BTreeMap;

use crate::cdp::Session;

/// The browser's name for a frame.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FrameId(pub(crate) String);

/// Frames of one page that are kept; a page with more is looked at no further.
const MOST: usize = 512;

#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub(super) session: Session,
    pub(super) parent: Option<FrameId>,
    pub(super) url: String,
    /// The world of ours in it, until it goes to another document.
    pub(super) world: Option<i64>,
}

/// The frames of a page.
#[derive(Debug, Default)]
pub(super) struct Frames {
    all: BTreeMap<FrameId, Frame>,
}

impl Frames {
    pub(super) fn get(&self, id: &FrameId) -> Option<&Frame> {
        self.all.get(id)
    }

    pub(super) fn get_mut(&mut self, id: &FrameId) -> Option<&mut Frame> {
        self.all.get_mut(id)
    }

    pub(super) fn attached(&mut self, id: &str, parent: Option<&str>, session: &Session) {
        if self.all.len() < MOST {
            let frame = self.all.entry(FrameId(id.to_owned())).or_default();
            frame.session.clone_from(session);
            if let Some(parent) = parent {
                frame.parent = Some(FrameId(parent.to_owned()));
            }
            frame.world = None;
        }
    }

    pub(super) fn navigated(
        &mut self,
        id: &str,
        parent: Option<&str>,
        url: &str,
        session: &Session,
    ) {
        self.attached(id, parent, session);
        if let Some(frame) = self.all.get_mut(&FrameId(id.to_owned())) {
            url.clone_into(&mut frame.url);
        }
        if parent.is_none() {
            // What was inside the document before has gone with it.
            let gone = |frame: &Frame| frame.parent.is_some() && frame.session == *session;
            self.all.retain(|_, frame| !gone(frame));
        }
    }

    pub(super) fn detached(&mut self, id: &str) {
        let mut gone = vec![FrameId(id.to_owned())];
        while let Some(next) = gone.pop() {
            self.all.remove(&next);
            let inside = self
                .all
                .iter()
                .filter(|(_, f)| f.parent.as_ref() == Some(&next));
            gone.extend(inside.map(|(id, _)| id.clone()));
        }
    }

    /// Every frame, the top one first, then by name.
    pub(super) fn all(&self) -> Vec<FrameId> {
        let mut all: Vec<_> = self.all.iter().collect();
        all.sort_by_key(|(id, frame)| (frame.parent.is_some(), (*id).clone()));
        all.into_iter().map(|(id, _)| id.clone()).collect()
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
    }
}
