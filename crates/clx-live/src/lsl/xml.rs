//! The little XML that stream descriptions are written in: elements and text.
//!
//! Attributes, comments and processing instructions are read over, document types refused, so that
//! nothing expands. Depth and number of elements are bounded.

use crate::LiveError;

const MAX_DEPTH: usize = 64;
const MAX_ELEMENTS: usize = 200_000;

/// An element with its text or its children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    /// Text directly within, joined, without white space around it.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    pub fn with_text(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.to_owned(), text: text.into(), children: Vec::new() }
    }

    #[must_use]
    pub fn with_child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Text of the first child of that name; empty without one.
    pub fn child_text(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| &child.text)
    }

    /// Reads a document's root element.
    ///
    /// ```
    /// use clx_live::lsl::Element;
    /// let info = Element::parse("<?xml version=\"1.0\"?><info><name>A &amp; B</name></info>")?;
    /// assert_eq!(info.child_text("name"), "A & B");
    /// # Ok::<(), clx_live::LiveError>(())
    /// ```
    ///
    /// # Errors
    /// [`LiveError::Protocol`] for text that is no such XML, [`LiveError::Limit`] beyond 64 levels or
    /// 200000 elements.
    pub fn parse(text: &str) -> Result<Element, LiveError> {
        let mut parser = Parser { rest: text };
        let mut open: Vec<Element> = Vec::new();
        let mut n_elements = 0_usize;
        while let Some(token) = parser.next()? {
            match token {
                Token::Text(text) => {
                    if let Some(parent) = open.last_mut() {
                        parent.text.push_str(&text);
                    }
                }
                Token::Open { name, empty } => {
                    n_elements += 1;
                    limit("XML elements", n_elements, MAX_ELEMENTS)?;
                    limit("XML levels", open.len() + 1, MAX_DEPTH)?;
                    open.push(Element::new(name));
                    if empty && let Some(root) = close(&mut open, name)? {
                        return Ok(root);
                    }
                }
                Token::Close(name) => {
                    if let Some(root) = close(&mut open, name)? {
                        return Ok(root);
                    }
                }
            }
        }
        let place = open.last().map_or("the root element", |e| &e.name);
        Err(LiveError::Protocol(format!("the XML ends before {place:.40} does")))
    }

    /// Appends the element as XML, indented by tabs as liblsl does.
    pub fn write(&self, out: &mut String) {
        self.write_at(out, 0);
    }

    fn write_at(&self, out: &mut String, depth: usize) {
        out.extend(std::iter::repeat_n('\t', depth));
        if self.children.is_empty() && self.text.is_empty() {
            out.extend(["<", &self.name, " />\n"]);
            return;
        }
        out.extend(["<", &self.name, ">"]);
        escape(&self.text, out);
        if !self.children.is_empty() {
            out.push('\n');
            self.children.iter().for_each(|child| child.write_at(out, depth + 1));
            out.extend(std::iter::repeat_n('\t', depth));
        }
        out.extend(["</", &self.name, ">\n"]);
    }
}

fn limit(what: &'static str, got: usize, limit: usize) -> Result<(), LiveError> {
    if got <= limit { Ok(()) } else { Err(LiveError::Limit { what, limit, got: got as u64 }) }
}

/// Ends the innermost open element; returns it if it was the root.
fn close(open: &mut Vec<Element>, name: &str) -> Result<Option<Element>, LiveError> {
    let Some(mut element) = open.pop().filter(|element| element.name == name) else {
        return Err(LiveError::Protocol(format!("the XML closes {name:.40}, which is not open")));
    };
    element.text = element.text.trim().to_owned();
    match open.last_mut() {
        None => Ok(Some(element)),
        Some(parent) => {
            parent.children.push(element);
            Ok(None)
        }
    }
}

enum Token<'a> {
    Open { name: &'a str, empty: bool },
    Close(&'a str),
    Text(String),
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Result<Option<Token<'a>>, LiveError> {
        loop {
            let Some(tag) = self.rest.strip_prefix('<') else {
                if self.rest.is_empty() {
                    return Ok(None);
                }
                let (text, rest) =
                    self.rest.split_at(self.rest.find('<').unwrap_or(self.rest.len()));
                self.rest = rest;
                return Ok(Some(Token::Text(unescape(text))));
            };
            if tag.starts_with("!--") {
                self.skip_past("-->")?;
            } else if let Some(data) = tag.strip_prefix("![CDATA[") {
                let Some((text, rest)) = data.split_once("]]>") else { return Err(unfinished()) };
                self.rest = rest;
                return Ok(Some(Token::Text(text.to_owned())));
            } else if tag.starts_with('?') {
                self.skip_past("?>")?;
            } else if tag.starts_with('!') {
                let fault = "document types are not read, the description must go without one";
                return Err(LiveError::Protocol(fault.to_owned()));
            } else {
                return self.tag(tag).map(Some);
            }
        }
    }

    fn skip_past(&mut self, end: &str) -> Result<(), LiveError> {
        let (_, rest) = self.rest.split_once(end).ok_or_else(unfinished)?;
        self.rest = rest;
        Ok(())
    }

    /// A tag, `tag` being what follows its `<`. A `>` within the quotes of an attribute ends nothing.
    fn tag(&mut self, tag: &'a str) -> Result<Token<'a>, LiveError> {
        let mut quote = None;
        let end = tag.find(|c| {
            match quote {
                None if c == '"' || c == '\'' => quote = Some(c),
                Some(open) if open == c => quote = None,
                _ => {}
            }
            quote.is_none() && c == '>'
        });
        let (inside, rest) = tag.split_at(end.ok_or_else(unfinished)?);
        self.rest = rest.strip_prefix('>').unwrap_or(rest);
        let is_name = |name: &str| {
            let fits = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
            !name.is_empty() && name.chars().all(fits)
        };
        let (close, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let (empty, inside) = match inside.strip_suffix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let name = inside.split_whitespace().next().unwrap_or_default();
        if !is_name(name) || (close && empty) {
            return Err(LiveError::Protocol(format!("<{inside:.40}> is no XML tag")));
        }
        Ok(if close { Token::Close(name) } else { Token::Open { name, empty } })
    }
}

fn unfinished() -> LiveError {
    LiveError::Protocol("the XML ends within a tag".to_owned())
}

/// Entities that are not known stay as they are.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // The longest entity is &#x10FFFF;
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        match entity.and_then(|(name, rest)| Some((character(name)?, rest))) {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Characters that XML cannot hold.
            c if c.is_control() && !"\t\n\r".contains(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn refused(text: &str) {
        assert!(Element::parse(text).is_err(), "{text}");
    }

    #[test]
    fn what_is_no_xml_is_refused() {
        for text in
            ["", "x", "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a", "<>", "<!-- x", "< a>"]
        {
            refused(text);
        }
    }

    #[test]
    fn a_document_type_is_refused_so_that_nothing_expands() {
        refused("<!DOCTYPE a [<!ENTITY b \"bb\">]><a>&b;</a>");
    }

    #[test]
    fn depth_is_bounded() {
        refused(&"<a>".repeat(100_000));
    }

    #[test]
    fn attributes_and_comments_are_read_over() {
        let text = "<a x='>' y=\"1\"><!-- <c> --><b z='2'/>t<![CDATA[<&]]></a>";
        let a = Element::parse(text).unwrap();
        assert_eq!((a.children.len(), &a.text[..]), (1, "t<&"));
    }

    #[test]
    fn entities_are_characters_and_unknown_ones_stay() {
        let a = Element::parse("<a>&lt;&#65;&#x41;&nbsp;&#xD800;&</a>").unwrap();
        assert_eq!(a.text, "<AA&nbsp;&#xD800;&");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(texts in prop::collection::vec("[ -~äµ]{0,20}", 1..6)) {
            let mut root = Element::new("info");
            for text in &texts {
                let child = Element::with_text("value", text.trim());
                root.children.push(Element::new("node").with_child(child));
            }
            let mut written = String::new();
            root.write(&mut written);
            prop_assert_eq!(Element::parse(&written).unwrap(), root);
        }

        #[test]
        fn any_text_gives_an_element_or_an_error(text in "[<>/!?a&;'\\[\\]\" -]{0,60}") {
            let _either = Element::parse(&text).is_ok();
        }
    }
}
