//! Makes sound: BrainSync composition, synthesis, stimuli, mastering.

pub mod brief;
