//! The weights in an ONNX file: just enough protocol buffers to find them.

use std::collections::HashMap;

use crate::ModelError;

/// Field numbers of onnx.proto: `ModelProto.graph`, `GraphProto.initializer`, and those of
/// `TensorProto`.
const GRAPH: u64 = 7;
const INITIALIZER: u64 = 5;
const DIMS: u64 = 1;
const DATA_TYPE: u64 = 2;
const NAME: u64 = 8;
const RAW_DATA: u64 = 9;
/// `TensorProto.DataType.FLOAT`.
const FLOAT: u64 = 1;

/// The single-precision tensors of an ONNX model by name: shape and values, last index fastest.
///
/// Tensors of other types, and those that keep their values elsewhere than in `raw_data`, are left out.
pub(crate) fn tensors(bytes: &[u8]) -> Result<HashMap<String, Tensor>, ModelError> {
    let mut found = HashMap::new();
    for graph in Fields(bytes).messages(GRAPH)? {
        for tensor in Fields(graph).messages(INITIALIZER)? {
            if let Some((name, tensor)) = Tensor::read(tensor)? {
                found.insert(name, tensor);
            }
        }
    }
    Ok(found)
}

#[derive(Debug, PartialEq)]
pub(crate) struct Tensor {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f32>,
}

impl Tensor {
    fn read(bytes: &[u8]) -> Result<Option<(String, Self)>, ModelError> {
        let (mut shape, mut name, mut raw, mut kind) = (Vec::new(), String::new(), None, 0);
        for field in Fields(bytes) {
            match field? {
                (DIMS, Value::Number(n)) => shape.push(n as usize),
                (DIMS, Value::Bytes(mut packed)) => {
                    while !packed.is_empty() {
                        shape.push(varint(&mut packed)? as usize);
                    }
                }
                (DATA_TYPE, Value::Number(n)) => kind = n,
                (NAME, Value::Bytes(text)) => name = String::from_utf8_lossy(text).into_owned(),
                (RAW_DATA, Value::Bytes(data)) => raw = Some(data),
                _ => {}
            }
        }
        let Some(raw) = raw.filter(|_| kind == FLOAT) else { return Ok(None) };
        let size = shape.iter().try_fold(4_usize, |size, n| size.checked_mul(*n));
        if size != Some(raw.len()) {
            return Err(broken(format!("the size of {name}")));
        }
        let value = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
        let values = raw.chunks_exact(4).map(value).collect();
        Ok(Some((name, Self { shape, values })))
    }
}

#[derive(Debug)]
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

/// Fields of one message.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The embedded messages with this field number.
    fn messages(self, wanted: u64) -> Result<Vec<&'a [u8]>, ModelError> {
        let mut out = Vec::new();
        for field in self {
            if let (number, Value::Bytes(bytes)) = field?
                && number == wanted
            {
                out.push(bytes);
            }
        }
        Ok(out)
    }

    fn read(&mut self) -> Result<(u64, Value<'a>), ModelError> {
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut self.0)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let len = varint(&mut self.0)?;
                Value::Bytes(self.take(usize::try_from(len).unwrap_or(usize::MAX))?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            other => return Err(broken(format!("wire type {other}"))),
        };
        Ok((key >> 3, value))
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], ModelError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or_else(|| broken("it ends early"))?;
        self.0 = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), ModelError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.read();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// Seven bits per byte, lowest first.
fn varint(bytes: &mut &[u8]) -> Result<u64, ModelError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&first, rest) = bytes.split_first().ok_or_else(|| broken("it ends early"))?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first < 0x80 {
            return Ok(value);
        }
    }
    Err(broken("a number of more than 64 bits"))
}

fn broken(reason: impl Into<String>) -> ModelError {
    ModelError::malformed("ONNX file", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![number << 3 | 2, bytes.len() as u8];
        out.extend(bytes);
        out
    }

    /// A graph with one float tensor `w` of shape 2 × 1, by the protocol buffer encoding rules.
    fn model(raw: &[u8]) -> Vec<u8> {
        let mut tensor = vec![0x08, 2, 0x08, 1, 0x10, 1];
        tensor.extend(field(8, b"w"));
        tensor.extend(field(9, raw));
        field(7, &field(5, &tensor))
    }

    #[test]
    fn a_tensor_is_found_with_its_shape() {
        let raw: Vec<u8> = [1.5_f32, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let found = tensors(&model(&raw)).unwrap();
        assert_eq!(found["w"], Tensor { shape: vec![2, 1], values: vec![1.5, -2.0] });
    }

    #[test]
    fn a_wrong_size_and_a_cut_file_are_errors() {
        assert!(tensors(&model(&[0; 7])).is_err());
        let whole = model(&[0; 8]);
        for len in 1..whole.len() {
            assert!(tensors(&whole[..len]).is_err(), "{len}");
        }
        assert!(tensors(&[0xff; 20]).is_err());
    }
}
