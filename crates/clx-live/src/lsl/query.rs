//! The part of XPath 1.0 in which streams are asked for: comparisons of fields with words and
//! numbers, `and`, `or`, `not()`, `starts-with()`, `contains()` and brackets.

use super::Element;
use crate::LiveError;

const MAX_QUERY_BYTES: usize = 4096;
const MAX_DEPTH: usize = 32;

/// A question for streams, such as `type='EEG' and channel_count>=8`. An empty one matches all.
///
/// ```
/// use clx_live::lsl::{ChannelFormat, Query, StreamInfo};
/// let info = StreamInfo::new("Cap", "EEG", 8, 250.0, ChannelFormat::Float32, "cap-1")?;
/// assert!(Query::parse("type='EEG' and channel_count>=8")?.matches(&info));
/// assert!(!Query::parse("name='Other' or starts-with(source_id, 'x')")?.matches(&info));
/// # Ok::<(), clx_live::LiveError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    text: String,
    expression: Option<Expression>,
}

#[derive(Clone, Debug, PartialEq)]
enum Expression {
    Or(Box<Expression>, Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    Call(Function, Vec<Expression>),
    Word(String),
    Number(f64),
    Path(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    Not,
    StartsWith,
    Contains,
}

enum Value {
    Nodes(Vec<String>),
    Word(String),
    Number(f64),
    Truth(bool),
}

impl Query {
    /// # Errors
    /// [`LiveError::Parameter`] for text that is no such query.
    pub fn parse(text: &str) -> Result<Self, LiveError> {
        let fault = || LiveError::Parameter {
            name: "query",
            expected: "like `type='EEG' and starts-with(name, 'Cap')`, up to 4096 bytes",
            got: text.chars().take(80).collect(),
        };
        if text.len() > MAX_QUERY_BYTES {
            return Err(fault());
        }
        if text.trim().is_empty() {
            return Ok(Self { text: String::new(), expression: None });
        }
        let mut parser = Parser { rest: text.trim(), depth: 0 };
        let expression = parser.either().filter(|_| parser.rest.trim().is_empty());
        let expression = Some(expression.ok_or_else(fault)?);
        // A line break would end the query on the wire.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self { text, expression })
    }

    /// One property that is equal to `value`, whatever quotes it holds.
    ///
    /// # Errors
    /// [`LiveError::Parameter`] for a value with both kinds of quotes, or a property that is no name.
    pub fn property(name: &str, value: &str) -> Result<Self, LiveError> {
        let quote = if value.contains('\'') { '"' } else { '\'' };
        Self::parse(&format!("{name}={quote}{value}{quote}"))
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it holds for the stream.
    pub fn matches(&self, info: &super::StreamInfo) -> bool {
        self.matches_element(&info.to_element().with_child(info.description.clone()))
    }

    pub(crate) fn matches_element(&self, info: &Element) -> bool {
        self.expression.as_ref().is_none_or(|expression| expression.value(info).truth())
    }
}

impl Expression {
    fn value(&self, info: &Element) -> Value {
        match self {
            Self::Or(a, b) => Value::Truth(a.value(info).truth() || b.value(info).truth()),
            Self::And(a, b) => Value::Truth(a.value(info).truth() && b.value(info).truth()),
            Self::Compare(how, a, b) => Value::Truth(compare(*how, &a.value(info), &b.value(info))),
            Self::Word(word) => Value::Word(word.clone()),
            Self::Number(number) => Value::Number(*number),
            Self::Path(path) => Value::Nodes(nodes(info, path)),
            Self::Call(function, arguments) => {
                let mut values = arguments.iter().map(|a| a.value(info));
                let mut word = || values.next().map_or_else(String::new, |v| v.word());
                Value::Truth(match function {
                    Function::Not => !values.next().is_some_and(|v| v.truth()),
                    Function::StartsWith => word().starts_with(&word()),
                    Function::Contains => word().contains(&word()),
                })
            }
        }
    }
}

fn nodes(info: &Element, path: &[String]) -> Vec<String> {
    let mut level = vec![info];
    for name in path {
        level = level.iter().flat_map(|e| &e.children).filter(|c| c.name == *name).collect();
    }
    level.iter().map(|e| e.text.clone()).collect()
}

impl Value {
    fn truth(&self) -> bool {
        match self {
            Self::Nodes(nodes) => !nodes.is_empty(),
            Self::Word(word) => !word.is_empty(),
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Truth(truth) => *truth,
        }
    }

    fn word(self) -> String {
        match self {
            Self::Nodes(nodes) => nodes.into_iter().next().unwrap_or_default(),
            Self::Word(word) => word,
            Self::Number(number) => number.to_string(),
            Self::Truth(truth) => truth.to_string(),
        }
    }
}

/// A comparison with several nodes holds if it does with one of them.
fn compare(how: Comparison, a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Truth(_), _) | (_, Value::Truth(_)) => {
            let (a, b) = (f64::from(u8::from(a.truth())), f64::from(u8::from(b.truth())));
            holds(how, a.partial_cmp(&b))
        }
        (Value::Nodes(nodes), other) => {
            nodes.iter().any(|n| compare(how, &Value::Word(n.clone()), other))
        }
        (other, Value::Nodes(nodes)) => {
            nodes.iter().any(|n| compare(how, other, &Value::Word(n.clone())))
        }
        (Value::Word(a), Value::Word(b))
            if matches!(how, Comparison::Equal | Comparison::Unequal) =>
        {
            holds(how, Some(a.cmp(b)))
        }
        (a, b) => holds(how, number(a).partial_cmp(&number(b))),
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        Value::Word(word) => word.trim().parse().unwrap_or(f64::NAN),
        Value::Nodes(_) | Value::Truth(_) => f64::NAN,
    }
}

fn holds(how: Comparison, order: Option<std::cmp::Ordering>) -> bool {
    match how {
        Comparison::Equal => order.is_some_and(|o| o.is_eq()),
        Comparison::Unequal => order.is_none_or(|o| o.is_ne()),
        Comparison::Less => order.is_some_and(|o| o.is_lt()),
        Comparison::LessOrEqual => order.is_some_and(|o| o.is_le()),
        Comparison::Greater => order.is_some_and(|o| o.is_gt()),
        Comparison::GreaterOrEqual => order.is_some_and(|o| o.is_ge()),
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn either(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut left = self.both()?;
        while self.keyword("or") {
            left = Expression::Or(Box::new(left), Box::new(self.both()?));
        }
        self.depth -= 1;
        Some(left)
    }

    fn both(&mut self) -> Option<Expression> {
        let mut left = self.comparison()?;
        while self.keyword("and") {
            left = Expression::And(Box::new(left), Box::new(self.comparison()?));
        }
        Some(left)
    }

    fn comparison(&mut self) -> Option<Expression> {
        let left = self.primary()?;
        let signs = [
            ("!=", Comparison::Unequal),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("=", Comparison::Equal),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        match signs.into_iter().find(|(sign, _)| self.sign(sign)) {
            Some((_, how)) => {
                Some(Expression::Compare(how, Box::new(left), Box::new(self.primary()?)))
            }
            None => Some(left),
        }
    }

    fn primary(&mut self) -> Option<Expression> {
        if self.sign("(") {
            let inner = self.either()?;
            return self.sign(")").then_some(inner);
        }
        for quote in ['\'', '"'] {
            if let Some(after) = self.rest.strip_prefix(quote) {
                let (word, rest) = after.split_once(quote)?;
                self.rest = rest;
                return Some(Expression::Word(word.to_owned()));
            }
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            let is_number = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
            let digits = self.take_while(is_number);
            return digits.parse().ok().map(Expression::Number);
        }
        self.path_or_call()
    }

    fn path_or_call(&mut self) -> Option<Expression> {
        // The description's root may be named, or not.
        let absolute = self.sign("/");
        let mut path = vec![self.name()?];
        if self.sign("(") {
            let function = match path[0].as_str() {
                "not" => Function::Not,
                "starts-with" => Function::StartsWith,
                "contains" => Function::Contains,
                _ => return None,
            };
            let mut arguments = vec![self.either()?];
            if function != Function::Not {
                if !self.sign(",") {
                    return None;
                }
                arguments.push(self.either()?);
            }
            return self.sign(")").then_some(Expression::Call(function, arguments));
        }
        while self.sign("/") {
            path.push(self.name()?);
        }
        if absolute && path.remove(0) != "info" {
            return None;
        }
        Some(Expression::Path(path))
    }

    fn name(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let name = self.take_while(|c| c.is_alphanumeric() || "_-.".contains(c));
        (!name.is_empty()).then_some(name)
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken.to_owned()
    }

    fn sign(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        let after = self.rest.strip_prefix(sign);
        self.rest = after.unwrap_or(self.rest).trim_start();
        after.is_some()
    }

    /// A word that is no part of a longer one.
    fn keyword(&mut self, word: &str) -> bool {
        let after = self.rest.trim_start().strip_prefix(word);
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let after = after.filter(|rest| ends(rest));
        self.rest = after.unwrap_or(self.rest).trim_start();
        after.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lsl::{ChannelFormat, StreamInfo};

    #[track_caller]
    fn check(query: &str, expected: bool) {
        let mut info =
            StreamInfo::new("O'Hare", "EEG", 8, 250.0, ChannelFormat::Float32, "s-1").unwrap();
        info.describe_channels(&[("Fz", "uV"), ("Cz", "uV")]);
        assert_eq!(Query::parse(query).unwrap().matches(&info), expected, "{query}");
    }

    #[test]
    fn the_questions_that_liblsl_asks_are_answered() {
        check("", true);
        check("session_id='default'", true);
        check("session_id='default' and type='EEG'", true);
        check("session_id='lab' and type='EEG'", false);
        check("name=\"O'Hare\" and source_id='s-1' and channel_count='8'", true);
        check("channel_format='float32' and nominal_srate='250'", true);
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        check("channel_count>=8 and channel_count<9", true);
        check("nominal_srate=250.0", true);
        check("nominal_srate!=250", false);
        check("name > 3", false);
    }

    #[test]
    fn and_binds_tighter_than_or_and_brackets_tighter_still() {
        check("type='EEG' or type='x' and name='y'", true);
        check("(type='EEG' or type='x') and name='y'", false);
        check("not(type='x') and starts-with(name,'O') and contains(name, \"'H\")", true);
    }

    #[test]
    fn paths_lead_into_the_description() {
        check("desc/channels/channel/label='Cz'", true);
        check("/info/desc/channels/channel/label='Pz'", false);
        check("desc/missing", false);
    }

    #[test]
    fn what_is_no_query_is_refused() {
        let deep = "(".repeat(100);
        let long = "a".repeat(5000);
        for text in ["type=", "'", "a and", "f(x)", "(a", "a b", "a='b", "/x/y='1'", &deep, &long] {
            assert!(Query::parse(text).is_err(), "{text:.20}");
        }
        assert!(Query::property("name", "both ' and \"").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_a_query_or_an_error(text in "[a-z='\"()<>!/ ,0-9-]{0,60}") {
            if let Ok(query) = Query::parse(&text) {
                let _either = query.matches_element(&Element::new("info"));
            }
        }
    }
}
