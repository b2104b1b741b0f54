import HTTPTypes

/// The fields that every answer carries.
enum SecurityFields {
    /// No page may embed an answer, no browser may guess its type or keep it, and it may load nothing.
    static let data: HTTPFields = fields(policy: "default-src 'none'; frame-ancestors 'none'")

    /// What every answer of GraphQL begins with. Made once: putting fields together one by one takes longer than sending them.
    static func answer(_ label: AnswerMediaType) -> HTTPFields {
        switch label {
        case .graphQLResponse: graphQLAnswer
        case .json: jsonAnswer
        }
    }

    private static let graphQLAnswer = answerFields(.graphQLResponse)
    private static let jsonAnswer = answerFields(.json)

    private static func answerFields(_ label: AnswerMediaType) -> HTTPFields {
        var fields = data
        fields[.contentType] = label.contentType
        fields[.vary] = "Accept"
        return fields
    }

    /// For the start page: its own script and style, and requests to its own server.
    static let page: HTTPFields = fields(
        policy: "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'")

    /// For the page on which one signs in: its style and its forms. A browser that is to tell no referrer tells no origin of a form
    /// either; so it tells its own server.
    static let signIn: HTTPFields = {
        var page = fields(
            policy: "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
        page[.referrerPolicy] = "same-origin"
        return page
    }()
    /// For a page with a form that asks its own server again: its own style, and no script.
    static let form: HTTPFields = fields(
        policy: "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")

    private static func fields(policy: String) -> HTTPFields {
        [
            .cacheControl: "no-store",
            .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff",
            .referrerPolicy: "no-referrer",
            .crossOriginResourcePolicy: "same-origin",
        ]
    }
}

extension HTTPField.Name {
    /// The version that answered.
    static let dataVersion = constant("Data-Version")
    /// The date on which what was answered is valid.
    static let dataAsOf = constant("Data-As-Of")
    /// The oldest version a client will take.
    static let minDataVersion = constant("Min-Data-Version")
    static let referrerPolicy = constant("Referrer-Policy")
    static let crossOriginResourcePolicy = constant("Cross-Origin-Resource-Policy")
    static let secFetchSite = constant("Sec-Fetch-Site")
    static let secFetchMode = constant("Sec-Fetch-Mode")

    static func constant(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("every constant here is a field name") }
        return name
    }
}
