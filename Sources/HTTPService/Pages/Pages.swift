import StoreColumns

/// What a person sees: a start page and the files it loads, read once at start.
package struct Pages: Sendable {
    package struct Asset: Sendable {
        package var contentType: String
        package var bytes: [UInt8]

        package init(contentType: String, bytes: [UInt8]) {
            self.contentType = contentType
            self.bytes = bytes
        }
    }

    /// Fills the start page for a version and a day.
    package var start: @Sendable (GraphVersion, CivilDate) -> [UInt8]
    /// By name. A name that is not here is not found; no file is opened for a request.
    package var assets: [String: Asset]

    package init(start: @escaping @Sendable (GraphVersion, CivilDate) -> [UInt8], assets: [String: Asset]) {
        self.start = start
        self.assets = assets
    }
}
