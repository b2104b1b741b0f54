import StoreColumns

/// What a person sees: a start page and the files it loads, read once at start.
package struct Pages: Sendable {
    /// Fills the start page for a version and a day; with the number of rows of each type, or without, for whoever does not see all of them.
    package var start: @Sendable (GraphVersion, CivilDate, _ tellsCounts: Bool) -> [UInt8]
    /// Fills the page of explanations; nil where there is none.
    package var explanation: (@Sendable (ExplanationPage) -> [UInt8])?
    /// Pages that stand at their own path, by the name of the folder that holds them; filled once, when the server starts.
    package var named: [String: FixedContent] = [:]
    /// By name, as `start.css` or `console/app.js`. A name that is not here is not found; no file is opened for a request.
    package var assets: [String: FixedContent]
    /// The page on which one signs in and out; nil where browsers cannot.
    package var signIn: Template?
    /// The pages of a saved question and of the list of them; nil where there are none.
    package var question: Template?
    package var questions: Template?

    package init(
        start: @escaping @Sendable (GraphVersion, CivilDate, _ tellsCounts: Bool) -> [UInt8], assets: [String: FixedContent],
        signIn: Template? = nil
    ) {
        self.signIn = signIn
        self.start = start
        self.assets = assets
        explanation = nil
    }

    /// Whether there is something at a route as far as pages are concerned. Which pages there are, the folder says.
    func has(_ route: Route) -> Bool {
        if case .page(let name) = route { named[name] != nil } else { true }
    }
}
