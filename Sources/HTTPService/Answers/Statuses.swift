import HTTPTypes
import Query

/// The one place where HTTP statuses are chosen.
///
/// For what HTTP itself refuses here; for answers of GraphQL in the table of GraphQL over HTTP (draft of 2026-08), or in the
/// older one where `StatusProfile.legacy` is set.
extension Refusal {
    var status: HTTPResponse.Status {
        switch self {
        case .malformed, .parameterInvalid: .badRequest
        case .versionUnsupported: HTTPResponse.Status(code: 505, reasonPhrase: "HTTP Version Not Supported")
        case .methodUnknown: .notImplemented
        case .targetTooLong: .uriTooLong
        case .headTooLarge: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        case .expectationUnknown: .expectationFailed
        case .requestTimeout: .requestTimeout
        case .unauthenticated: .unauthorized
        case .tooManyAttempts, .rateLimited: .tooManyRequests
        case .hostForeign, .originForeign, .schemaHidden, .changeForbidden, .savedQuestionsOnly, .archivesOff, .archiveForbidden,
            .roleClosed, .auditForbidden, .notThroughProxy:
            .forbidden
        case .archiveThere: .conflict
        case .archiveFailed: .internalServerError
        case .archiveBusy: .serviceUnavailable
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .mediaTypeUnsupported, .charsetUnsupported, .encodingUnsupported: .unsupportedMediaType
        case .versionGone: .gone
        case .versionNotReached: .preconditionFailed
        case .versionTimeout: .serviceUnavailable
        case .overloaded, .stopping, .auditUnavailable: .serviceUnavailable
        }
    }

    /// One of the codes of `api.md` §6.
    var code: String {
        switch self {
        case .unauthenticated: "UNAUTHENTICATED"
        case .tooManyAttempts, .rateLimited: "RATE_LIMITED"
        case .auditUnavailable, .archiveFailed: "INTERNAL_SERVER_ERROR"
        case .hostForeign, .originForeign, .schemaHidden, .changeForbidden, .savedQuestionsOnly, .archivesOff, .archiveForbidden,
            .roleClosed, .auditForbidden,
            .notThroughProxy:
            "FORBIDDEN"
        case .versionGone: "VERSION_GONE"
        case .versionNotReached: "VERSION_NOT_REACHED"
        case .versionTimeout: "QUERY_TIMEOUT"
        case .overloaded, .stopping, .archiveBusy: "OVERLOADED"
        case .bodyTooLarge, .targetTooLong, .headTooLarge: "QUERY_TOO_COMPLEX"
        default: "BAD_USER_INPUT"
        }
    }
}

extension QueryAnswer.Outcome {
    func status(in profile: StatusProfile, as mediaType: AnswerMediaType) -> HTTPResponse.Status {
        switch profile {
        case .draft: draftStatus
        case .legacy: mediaType == .json ? legacyJSONStatus : legacyStatus
        }
    }

    private var draftStatus: HTTPResponse.Status {
        switch self {
        case .data: .ok
        // Execution ended as it should, whatever came of it: "even if data is null", the draft says.
        case .dataWithErrors, .dataIsNull: .partialSuccess
        case .notJSON, .parseFailed: .badRequest
        // Well-formed JSON that asks for what cannot be had, or for too much of it. Execution that we broke off is a refusal too,
        // though its `data` is null: monitors shall see it, and no client take it for an answer. For a digest we do not know
        // clients send the document only if the status is neither 400 nor 500.
        case .illFormedRequest, .beyondLimits, .invalid, .badVariables, .operationUnresolved, .overBudget,
            .persistedQueryNotFound:
            .unprocessableContent
        case .versionGone: .gone
        case .versionNotReached: .preconditionFailed
        case .mutationOverGet: .methodNotAllowed
        case .forbidden: .forbidden
        case .stopped: .serviceUnavailable
        case .damaged: .internalServerError
        }
    }

    /// The table before 294 and 422: one status for everything the client did wrong.
    private var legacyStatus: HTTPResponse.Status {
        switch draftStatus {
        case .partialSuccess: .ok
        case .unprocessableContent: self == .persistedQueryNotFound ? .unprocessableContent : .badRequest
        default: draftStatus
        }
    }

    /// What clients of `application/json` were once promised: 200 for every well-formed request.
    private var legacyJSONStatus: HTTPResponse.Status {
        switch self {
        case .notJSON, .illFormedRequest, .mutationOverGet, .stopped, .damaged: legacyStatus
        default: .ok
        }
    }
}

extension HTTPResponse.Status {
    /// GraphQL over HTTP: the answer holds data and errors.
    static let partialSuccess = HTTPResponse.Status(code: 294, reasonPhrase: "Partial Success")
}
