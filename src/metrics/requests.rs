//! Requests by surface, operation and class of status. There is a row for each pair of the two closed lists, and it is made when
//! it is first needed.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::stripes::Stripes;
use super::times::Times;
use crate::domain::operation::Operation;
use crate::domain::surface::SurfaceName;

/// Classes of status, from 1xx to 5xx.
pub const CLASSES: usize = 5;

/// Who was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Surface(SurfaceName, Option<Operation>),
    Control,
    /// It was refused before anybody could be asked.
    Nobody,
}

/// What was counted of one surface and operation.
#[derive(Debug, Default)]
pub struct Row(Stripes<Counts>);

#[derive(Debug, Default)]
struct Counts {
    classes: [AtomicU64; CLASSES],
    times: Times,
}

impl Row {
    pub fn classes(&self) -> [u64; CLASSES] {
        let of = |class: usize| {
            let each = self.0.all();
            let each = each.map(|counts| counts.classes[class].load(Ordering::Relaxed));
            each.sum()
        };
        std::array::from_fn(of)
    }

    pub fn times(&self) -> Times {
        Times::together(self.0.all().map(|counts| &counts.times))
    }
}

/// See the module.
#[derive(Debug)]
pub struct Requests(Box<[OnceLock<Box<Row>>]>);

/// Places of one surface: its operations, and requests of which none is known.
const WIDTH: usize = Operation::ALL.len() + 1;
const SURFACES: usize = SurfaceName::ALL.len();

impl Default for Requests {
    fn default() -> Self {
        // Two more places: for the control plane, and for nobody.
        let rows = (0..SURFACES * WIDTH + 2).map(|_| OnceLock::new());
        Self(rows.collect())
    }
}

impl Requests {
    /// A request has been answered. How long that took is not known of one that was refused before it was timed.
    pub fn note(&self, asked: Asked, status: u16, took: Option<Duration>) {
        let Some(row) = self.0.get(place(asked)) else {
            return;
        };
        let row = row.get_or_init(Box::default);
        let class = usize::from(status / 100).clamp(1, CLASSES) - 1;
        let counts = row.0.own();
        counts.classes[class].fetch_add(1, Ordering::Relaxed);
        if let Some(took) = took {
            counts.times.note(took);
        }
    }

    /// What has been asked at all.
    pub fn rows(&self) -> impl Iterator<Item = (Asked, &Row)> {
        let of_surface = |surface: &SurfaceName| {
            let surface = *surface;
            let operations = Operation::ALL.iter().copied().map(Some).chain([None]);
            operations.map(move |operation| Asked::Surface(surface, operation))
        };
        let surfaces = SurfaceName::ALL.iter().flat_map(of_surface);
        let all = surfaces.chain([Asked::Control, Asked::Nobody]);
        all.filter_map(|asked| Some((asked, &**self.0.get(place(asked))?.get()?)))
    }
}

fn place(asked: Asked) -> usize {
    match asked {
        Asked::Surface(surface, operation) => {
            let operation = operation.map_or(WIDTH - 1, |operation| operation as usize);
            surface as usize * WIDTH + operation
        }
        Asked::Control => SURFACES * WIDTH,
        Asked::Nobody => SURFACES * WIDTH + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_a_place_of_its_own() {
        let requests = Requests::default();
        let mut asked = vec![Asked::Control, Asked::Nobody];
        for surface in SurfaceName::ALL {
            let operations = Operation::ALL.iter().map(|one| Some(*one)).chain([None]);
            asked.extend(operations.map(|operation| Asked::Surface(*surface, operation)));
        }
        for (count, asked) in asked.iter().enumerate() {
            requests.note(*asked, 200, None);
            assert_eq!(requests.rows().count(), count + 1, "{asked:?}");
        }
        requests.note(Asked::Control, 503, None);
        requests.note(Asked::Control, 0, None);
        let control = requests.rows().find(|(asked, _)| *asked == Asked::Control);
        assert_eq!(control.unwrap().1.classes(), [1, 1, 0, 0, 1]);
    }
}
