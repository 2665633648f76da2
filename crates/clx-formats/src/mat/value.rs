use crate::samples::Encoding;

/// What a variable or field holds. Small, since a file pays only eight bytes for an empty one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Value {
    /// Nothing, or something that is not read.
    #[default]
    Empty,
    Number(f64),
    /// An array of numbers, which stays in the file.
    Stored(Box<Stored>),
    /// Rows of a character array are separated by line ends.
    Text(Box<str>),
    Cell(Box<[Value]>),
    Struct(Box<Struct>),
}

/// Where an array of numbers lies.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    pub(crate) dims: Vec<u64>,
    pub(crate) encoding: Encoding,
    pub(crate) at: u64,
}

impl Stored {
    pub(crate) fn n(&self) -> u64 {
        self.dims.iter().product()
    }
}

/// An array of structures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Struct {
    pub(crate) fields: Vec<String>,
    /// All fields of the first structure, then of the second, and so on.
    pub(crate) values: Box<[Value]>,
}

impl Struct {
    /// The structures of the array.
    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = &[Value]> {
        self.values.chunks(self.fields.len().max(1))
    }

    pub(crate) fn column(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| f == field)
    }
}

impl Value {
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(x) => Some(*x),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()),
            // A cell with one text stands for it.
            Self::Cell(cell) => match &cell[..] {
                [only] => only.text(),
                _ => None,
            },
            _ => None,
        }
    }
}
