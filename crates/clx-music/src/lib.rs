//! Makes sound: BrainSync composition, synthesis, stimuli, mastering.
