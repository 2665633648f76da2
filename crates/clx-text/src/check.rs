//! Finds messages that the languages do not share.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

/// One way in which a language file differs from the English one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disagreement {
    /// The file does not parse at this byte.
    Syntax {
        at: usize,
    },
    Missing {
        message: String,
    },
    Unknown {
        message: String,
    },
    Variables {
        message: String,
        expected: BTreeSet<String>,
        got: BTreeSet<String>,
    },
}

/// What is different between `other` and the reference file: messages and their variables.
pub fn disagreements(reference: &str, other: &str) -> Vec<Disagreement> {
    let (expected, _) = signatures(reference);
    let (got, syntax) = signatures(other);
    let mut found: Vec<_> = syntax.into_iter().map(|at| Disagreement::Syntax { at }).collect();
    for (message, variables) in &expected {
        match got.get(message) {
            None => found.push(Disagreement::Missing { message: message.clone() }),
            Some(theirs) if theirs != variables => found.push(Disagreement::Variables {
                message: message.clone(),
                expected: variables.clone(),
                got: theirs.clone(),
            }),
            Some(_) => {}
        }
    }
    let unknown = got.keys().filter(|message| !expected.contains_key(*message));
    found.extend(unknown.map(|message| Disagreement::Unknown { message: message.clone() }));
    found
}

type Signatures = BTreeMap<String, BTreeSet<String>>;

fn signatures(source: &str) -> (Signatures, Vec<usize>) {
    let (resource, errors) = match parser::parse(source) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors.iter().map(|e| e.pos.start).collect()),
    };
    let mut found = Signatures::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let mut variables = BTreeSet::new();
            let attributes = message.attributes.iter().map(|attribute| &attribute.value);
            for pattern in message.value.iter().chain(attributes) {
                of_pattern(pattern, &mut variables);
            }
            found.insert(message.id.name.to_owned(), variables);
        }
    }
    (found, errors)
}

fn of_pattern(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, variables);
        }
    }
}

fn of_expression(expression: &Expression<&str>, variables: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, variables),
        Expression::Select { selector, variants } => {
            of_inline(selector, variables);
            for variant in variants {
                of_pattern(&variant.value, variables);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                of_inline(argument, variables);
            }
        }
        InlineExpression::Placeable { expression } => of_expression(expression, variables),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: &str =
        "hello = Hello { $name }\ncount = { $n ->\n    [one] one\n   *[other] { NUMBER($n) }\n }\n";

    #[test]
    fn equal_files_agree() {
        assert_eq!(disagreements(REFERENCE, REFERENCE), []);
    }

    #[test]
    fn a_missing_message_is_found() {
        let other = "hello = Hallo { $name }\n";
        let expected = [Disagreement::Missing { message: "count".into() }];
        assert_eq!(disagreements(REFERENCE, other), expected);
    }

    #[test]
    fn a_forgotten_variable_is_found() {
        let other = "hello = Hallo\ncount = { $n }\n";
        let found = disagreements(REFERENCE, other);
        assert!(
            matches!(&found[..], [Disagreement::Variables { message, .. }] if message == "hello")
        );
    }

    #[test]
    fn broken_syntax_and_foreign_messages_are_found() {
        let found = disagreements(REFERENCE, &format!("{REFERENCE}extra = x\nbroken = {{ $a\n"));
        assert!(found.contains(&Disagreement::Unknown { message: "extra".into() }));
        assert!(matches!(found[0], Disagreement::Syntax { .. }));
    }
}
