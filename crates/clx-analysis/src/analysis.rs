use std::fmt;

use clx_render::{Theme, Words};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{AnalysisError, Context, Inputs};

/// What kind of input an analysis takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InputKind {
    /// An EEG or other biosignal recording.
    Recording,
    /// Sound.
    Audio,
    /// Results of earlier analyses, or nothing but parameters.
    Results,
}

/// Name and title of a picture that an analysis can draw from its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlotInfo {
    pub name: &'static str,
    pub title: &'static str,
}

/// One entry of the catalogue.
pub struct Analysis {
    pub id: &'static str,
    pub title: &'static str,
    /// One sentence: what comes out.
    pub summary: &'static str,
    pub input: InputKind,
    /// Price of one run.
    pub credits: u32,
    body: Box<dyn Body>,
}

impl fmt::Debug for Analysis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analysis").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a catalogue file says of its analysis.
///
/// `V` is the part of a stored output that its pictures are drawn from.
pub(crate) struct Entry<P, O, V: 'static> {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) input: InputKind,
    pub(crate) credits: u32,
    pub(crate) example: &'static str,
    pub(crate) run: fn(Inputs, P, &Context<'_>) -> Result<O, AnalysisError>,
    pub(crate) plots: &'static [Plot<V>],
}

/// A picture of an output; `draw` gives `None` when the output lacks what it shows.
pub(crate) struct Plot<V> {
    pub(crate) info: PlotInfo,
    pub(crate) draw: fn(&V, Theme, &Words) -> Option<String>,
}

impl Analysis {
    pub(crate) fn new<P, O, V>(entry: Entry<P, O, V>) -> Self
    where
        P: Serialize + DeserializeOwned + JsonSchema + 'static,
        O: Serialize + JsonSchema + 'static,
        V: DeserializeOwned + 'static,
    {
        let Entry { id, title, summary, input, credits, .. } = entry;
        Self { id, title, summary, input, credits, body: Box::new(entry) }
    }

    /// JSON schema (2020-12) of the parameters.
    pub fn params_schema(&self) -> Value {
        self.body.params_schema()
    }

    /// JSON schema (2020-12) of the output.
    pub fn output_schema(&self) -> Value {
        self.body.output_schema()
    }

    /// Parameters that work, defaults filled in.
    pub fn example_params(&self) -> Value {
        self.body.check_params(&self.body.example()).unwrap_or_default()
    }

    /// Parameters with every default filled in, as they are stored with the result.
    ///
    /// # Errors
    /// [`AnalysisError::Params`] naming what is unknown, missing or of the wrong type.
    pub fn check_params(&self, params: &Value) -> Result<Value, AnalysisError> {
        self.body.check_params(params)
    }

    /// Where each parameter stands in the object of all, in order: `["line_hz"]`, or
    /// `["prepare", "line_hz"]` inside a group.
    pub fn param_paths(&self) -> Vec<Vec<String>> {
        let schema = self.params_schema();
        let properties = |object: &Value| {
            object["properties"].as_object().cloned().unwrap_or_default().into_iter()
        };
        let mut paths = Vec::new();
        for (name, property) in properties(&schema) {
            let group = property["$ref"].as_str().and_then(|r| r.rsplit('/').next());
            let inner = group.map_or(&Value::Null, |group| &schema["$defs"][group]);
            let before = paths.len();
            paths.extend(properties(inner).map(|(field, _)| vec![name.clone(), field]));
            if paths.len() == before {
                paths.push(vec![name]);
            }
        }
        paths
    }

    /// Runs the analysis; blocks until it is done, failed or cancelled.
    ///
    /// # Errors
    /// See [`AnalysisError`]; faults inside the signal are findings of the output, not errors.
    pub fn run(
        &self,
        inputs: Inputs,
        params: &Value,
        cx: &Context<'_>,
    ) -> Result<Value, AnalysisError> {
        self.body.run(inputs, params, cx)
    }

    /// Every picture that some output of this analysis has.
    pub fn all_plots(&self) -> Vec<PlotInfo> {
        self.body.all_plots()
    }

    /// The pictures that can be drawn of `output`.
    ///
    /// # Errors
    /// [`AnalysisError::Input`] if `output` is not an output of this analysis.
    pub fn plots(&self, output: &Value) -> Result<Vec<PlotInfo>, AnalysisError> {
        self.body.plots(output)
    }

    /// One picture as SVG with the words of a language inside; `None` if there is no such picture of this output.
    ///
    /// # Errors
    /// [`AnalysisError::Input`] if `output` is not an output of this analysis.
    pub fn plot(
        &self,
        output: &Value,
        name: &str,
        theme: Theme,
        words: &Words,
    ) -> Result<Option<String>, AnalysisError> {
        self.body.plot(output, name, theme, words)
    }
}

/// The only type erasure of the crate: parameters and output as JSON.
trait Body: Send + Sync {
    fn example(&self) -> Value;
    fn params_schema(&self) -> Value;
    fn output_schema(&self) -> Value;
    fn check_params(&self, params: &Value) -> Result<Value, AnalysisError>;
    fn run(&self, inputs: Inputs, params: &Value, cx: &Context<'_>)
    -> Result<Value, AnalysisError>;
    fn all_plots(&self) -> Vec<PlotInfo>;
    fn plots(&self, output: &Value) -> Result<Vec<PlotInfo>, AnalysisError>;
    fn plot(
        &self,
        output: &Value,
        name: &str,
        theme: Theme,
        words: &Words,
    ) -> Result<Option<String>, AnalysisError>;
}

impl<P, O, V> Body for Entry<P, O, V>
where
    P: Serialize + DeserializeOwned + JsonSchema,
    O: Serialize + JsonSchema,
    V: DeserializeOwned + 'static,
{
    fn example(&self) -> Value {
        serde_json::from_str(self.example).unwrap_or_default()
    }

    fn params_schema(&self) -> Value {
        schema_of::<P>()
    }

    fn output_schema(&self) -> Value {
        schema_of::<O>()
    }

    fn check_params(&self, params: &Value) -> Result<Value, AnalysisError> {
        to_value(&parse_params::<P>(params)?)
    }

    fn run(
        &self,
        inputs: Inputs,
        params: &Value,
        cx: &Context<'_>,
    ) -> Result<Value, AnalysisError> {
        to_value(&(self.run)(inputs, parse_params(params)?, cx)?)
    }

    fn all_plots(&self) -> Vec<PlotInfo> {
        self.plots.iter().map(|plot| plot.info).collect()
    }

    fn plots(&self, output: &Value) -> Result<Vec<PlotInfo>, AnalysisError> {
        let output: V = parse_output(self.id, output)?;
        let words = Words::default();
        let drawable = |plot: &&Plot<V>| (plot.draw)(&output, Theme::Light, &words).is_some();
        Ok(self.plots.iter().filter(drawable).map(|plot| plot.info).collect())
    }

    fn plot(
        &self,
        output: &Value,
        name: &str,
        theme: Theme,
        words: &Words,
    ) -> Result<Option<String>, AnalysisError> {
        let Some(plot) = self.plots.iter().find(|plot| plot.info.name == name) else {
            return Ok(None);
        };
        Ok((plot.draw)(&parse_output(self.id, output)?, theme, words))
    }
}

fn schema_of<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

fn parse_params<P: DeserializeOwned + JsonSchema>(params: &Value) -> Result<P, AnalysisError> {
    // No parameters at all means every default.
    let mut params =
        if params.is_null() { Value::Object(Default::default()) } else { params.clone() };
    fill_groups(&schema_of::<P>(), &mut params);
    serde_json::from_value(params).map_err(|error| AnalysisError::Params(error.to_string()))
}

/// A group of which only some parameters are given keeps the analysis' own defaults for the others,
/// which serde would take from the group's type.
fn fill_groups(schema: &Value, params: &mut Value) {
    let Some(given) = params.as_object_mut() else { return };
    for (name, group) in given.iter_mut().filter_map(|(n, v)| Some((n, v.as_object_mut()?))) {
        let property = &schema["properties"][name];
        let defaults = property["default"].as_object().filter(|_| property["$ref"].is_string());
        for (field, value) in defaults.into_iter().flatten() {
            group.entry(field).or_insert_with(|| value.clone());
        }
    }
}

fn parse_output<V: DeserializeOwned>(id: &str, output: &Value) -> Result<V, AnalysisError> {
    serde_json::from_value(output.clone()).map_err(|error| {
        AnalysisError::Input(format!("this is not an output of {id} of this version: {error}"))
    })
}

fn to_value<T: Serialize>(value: &T) -> Result<Value, AnalysisError> {
    serde_json::to_value(value)
        .map_err(|error| AnalysisError::Input(format!("a figure cannot be written: {error}")))
}
