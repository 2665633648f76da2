//! Gradient-boosted trees in LightGBM's text format.

use crate::ModelError;

/// Bits of `decision_type`: categories instead of a threshold, and how missing values are marked
/// (0: not at all).
const CATEGORICAL: u32 = 1;
const MISSING_SHIFT: u32 = 2;
/// More trees, nodes or features than this are not a model of ours.
const MAX_TREES: usize = 20_000;
const MAX_LEAVES: usize = 32_767;
const MAX_CLASSES: usize = 64;

/// A multi-class model: sums of trees, one sum per class, turned into probabilities.
#[derive(Clone, Debug, PartialEq)]
pub struct Booster {
    feature_names: Vec<String>,
    n_classes: usize,
    /// Tree `i` adds to class `i % n_classes`.
    trees: Vec<Tree>,
}

/// Nodes in order; children above or at zero are nodes, below zero leaves (`!child`).
#[derive(Clone, Debug, PartialEq)]
struct Tree {
    nodes: Vec<Node>,
    leaves: Vec<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    threshold: f64,
    feature: u16,
    left: i16,
    right: i16,
}

impl Booster {
    /// Reads LightGBM's text format, version 3 or 4: `objective=multiclass` with numeric features that
    /// are never missing.
    ///
    /// # Errors
    /// [`ModelError::Malformed`] for anything else.
    ///
    /// ```
    /// let text = "tree\nversion=v3\nnum_class=2\nnum_tree_per_iteration=2\nmax_feature_idx=0\n\
    ///     objective=multiclass num_class:2\nfeature_names=x\n\n\
    ///     Tree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nthreshold=0.5\ndecision_type=2\n\
    ///     left_child=-1\nright_child=-2\nleaf_value=0 1\n\n\
    ///     Tree=1\nnum_leaves=1\nnum_cat=0\nleaf_value=0\n\nend of trees\n";
    /// let model = clx_models::Booster::parse(text)?;
    /// assert_eq!(model.predict(&[0.0])?, [0.5, 0.5]);
    /// assert!(model.predict(&[1.0])?[0] > 0.73);
    /// # Ok::<(), clx_models::ModelError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let end = text.find("\nend of trees").ok_or_else(|| broken("it ends early"))?;
        let mut parts = text[..end].split("\nTree=");
        let header = Section(parts.next().unwrap_or_default());
        let n_classes: usize = header.number("num_class")?;
        let feature_names: Vec<String> =
            header.get("feature_names")?.split_whitespace().map(str::to_owned).collect();
        let per_iteration: usize = header.number("num_tree_per_iteration")?;
        if !header.get("objective")?.starts_with("multiclass ") || per_iteration != n_classes {
            return Err(broken("not a multi-class model"));
        }
        if !(2..=MAX_CLASSES).contains(&n_classes) || feature_names.len() > usize::from(u16::MAX) {
            return Err(broken("too many classes or features"));
        }
        if feature_names.len() != header.number::<usize>("max_feature_idx")? + 1 {
            return Err(broken("the number of features"));
        }
        let mut trees = Vec::new();
        for part in parts {
            if trees.len() == MAX_TREES {
                return Err(broken("too many trees"));
            }
            trees.push(Tree::read(&Section(part), feature_names.len())?);
        }
        if trees.is_empty() || trees.len() % n_classes != 0 {
            return Err(broken("the number of trees"));
        }
        Ok(Self { feature_names, n_classes, trees })
    }

    /// Names of the features in the order that [`Booster::predict`] takes them.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    pub fn n_trees(&self) -> usize {
        self.trees.len()
    }

    /// Probability of every class for one row of features.
    ///
    /// A value that is not a number counts as zero, as in LightGBM for features without missing
    /// values. Sums and exponentials are taken in LightGBM's order.
    ///
    /// # Errors
    /// [`ModelError::Size`] for another number of features.
    pub fn predict(&self, features: &[f32]) -> Result<Vec<f64>, ModelError> {
        let expected = self.feature_names.len();
        if features.len() != expected {
            return Err(ModelError::Size {
                what: "a row of features",
                expected,
                got: features.len(),
            });
        }
        let row: Vec<f64> =
            features.iter().map(|v| if v.is_nan() { 0.0 } else { f64::from(*v) }).collect();
        let mut scores = vec![0.0; self.n_classes];
        for trees in self.trees.chunks_exact(self.n_classes) {
            scores.iter_mut().zip(trees).for_each(|(score, tree)| *score += tree.value(&row));
        }
        let largest = scores.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
        scores.iter_mut().for_each(|score| *score = (*score - largest).exp());
        let sum: f64 = scores.iter().sum();
        scores.iter_mut().for_each(|score| *score /= sum);
        Ok(scores)
    }
}

impl Tree {
    fn value(&self, row: &[f64]) -> f64 {
        let mut at: i16 = if self.nodes.is_empty() { -1 } else { 0 };
        while at >= 0 {
            let node = &self.nodes[at as usize];
            at = if row[usize::from(node.feature)] <= node.threshold {
                node.left
            } else {
                node.right
            };
        }
        self.leaves[!at as usize]
    }

    fn read(section: &Section<'_>, n_features: usize) -> Result<Self, ModelError> {
        let n_leaves: usize = section.number("num_leaves")?;
        if !(1..=MAX_LEAVES).contains(&n_leaves) {
            return Err(broken("the number of leaves"));
        }
        let leaves = section.list::<f64>("leaf_value", n_leaves)?;
        let n_nodes = n_leaves - 1;
        if n_nodes == 0 {
            return Ok(Self { nodes: Vec::new(), leaves });
        }
        if section
            .list::<u32>("decision_type", n_nodes)?
            .iter()
            .any(|d| d & CATEGORICAL != 0 || d >> MISSING_SHIFT != 0)
        {
            return Err(broken("categories or missing values"));
        }
        if section.get("is_linear").is_ok_and(|v| v != "0") {
            return Err(broken("linear leaves"));
        }
        let features = section.list::<u16>("split_feature", n_nodes)?;
        let thresholds = section.list::<f64>("threshold", n_nodes)?;
        let left = section.list::<i16>("left_child", n_nodes)?;
        let right = section.list::<i16>("right_child", n_nodes)?;
        let mut nodes = Vec::with_capacity(n_nodes);
        for i in 0..n_nodes {
            // Children come after their parents, so that every walk ends.
            let sound = |child: i16| {
                if child < 0 {
                    (!child as usize) < n_leaves
                } else {
                    child as usize > i && (child as usize) < n_nodes
                }
            };
            if !(sound(left[i]) && sound(right[i]) && usize::from(features[i]) < n_features) {
                return Err(broken("a branch to nowhere"));
            }
            let (threshold, feature) = (thresholds[i], features[i]);
            nodes.push(Node { threshold, feature, left: left[i], right: right[i] });
        }
        Ok(Self { nodes, leaves })
    }
}

/// Lines of `key=value`.
struct Section<'a>(&'a str);

impl<'a> Section<'a> {
    fn get(&self, key: &str) -> Result<&'a str, ModelError> {
        self.0
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .ok_or_else(|| broken(format!("{key} is missing")))
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Result<T, ModelError> {
        self.get(key)?.trim().parse().map_err(|_not_a_number| broken(format!("{key} is no number")))
    }

    fn list<T: std::str::FromStr>(&self, key: &str, len: usize) -> Result<Vec<T>, ModelError> {
        let values: Result<Vec<T>, T::Err> =
            self.get(key)?.split_whitespace().map(str::parse).collect();
        let values = values.map_err(|_not_a_number| broken(format!("{key} holds no numbers")))?;
        if values.len() == len { Ok(values) } else { Err(broken(format!("the length of {key}"))) }
    }
}

fn broken(reason: impl Into<String>) -> ModelError {
    ModelError::malformed("LightGBM model", reason)
}
