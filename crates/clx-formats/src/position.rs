/// Where an electrode sits, as the file has it: `x` to the right ear, `y` to the nose, `z` up.
///
/// FIF gives metres from the centre between the ears. EEGLAB and BrainVision do not state their
/// unit (often millimetres, or radii of the head) and take the centre of the head for the origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElectrodePosition {
    pub x: f64,
    pub y: f64,
    pub z: f64,
}

impl ElectrodePosition {
    /// The point of the unit sphere in the same direction from the origin; `None` at the origin.
    ///
    /// ```
    /// # use clx_formats::ElectrodePosition;
    /// let vertex = ElectrodePosition { x: 0.0, y: 0.0, z: 85.0 };
    /// assert_eq!(vertex.direction(), Some([0.0, 0.0, 1.0]));
    /// ```
    pub fn direction(self) -> Option<[f64; 3]> {
        let radius = self.x.hypot(self.y).hypot(self.z);
        (radius > 0.0 && radius.is_finite())
            .then(|| [self.x / radius, self.y / radius, self.z / radius])
    }

    /// A point whose three parts are finite, and which is not the origin.
    pub(crate) fn checked(x: f64, y: f64, z: f64) -> Option<Self> {
        let position = Self { x, y, z };
        position.direction().map(|_| position)
    }
}
