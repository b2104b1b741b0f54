import Expressions
import StoreColumns

/// What the value of a claim is: a text, a number, a day, or a list of one of these.
package struct ClaimKind: Sendable, Hashable {
    package var type: ExpressionType
    package var isList: Bool

    package static let string = ClaimKind(type: .string, isList: false)
    package static let strings = ClaimKind(type: .string, isList: true)
    package static let int = ClaimKind(type: .int, isList: false)
    package static let ints = ClaimKind(type: .int, isList: true)
    package static let date = ClaimKind(type: .date, isList: false)
    package static let boolean = ClaimKind(type: .boolean, isList: false)

    /// A value as a token or a key has it; nil where the text is none.
    fileprivate func value(_ text: String) -> Scalar? {
        switch type {
        case .string: .string(text)
        case .int: Int64(text).map { .int($0) }
        case .date: CivilDate(isoText: text).map { .date($0) }
        case .boolean: text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
        default: nil
        }
    }
}

/// What is known of who asks, as the scopes of a role name it; equal ones see the same rows.
package struct ClaimValues: Sendable, Hashable {
    /// By claim, as the role defines them.
    let scalars: [[Scalar]]
}

/// A claim without which it cannot be said what somebody sees.
package enum ClaimProblem: Error, Sendable, Hashable {
    case missing(String)
    /// Several values where one is needed, or one of another kind.
    case unusable(String)

    /// Without the value, which may say who it is.
    package var message: String {
        switch self {
        case .missing(let name): "The claim '\(name)' is missing; without it no row may be shown."
        case .unusable(let name): "The claim '\(name)' is not of the kind that the role needs; without it no row may be shown."
        }
    }
}

extension RowScopes {
    /// The values of the claims that conditions name; others do not matter.
    ///
    /// - Parameter given: by name; a list has its name once for each value.
    /// - Throws: where one is missing or is none: then nothing may be shown.
    package func values(of given: [(name: String, value: String)]) throws(ClaimProblem) -> ClaimValues {
        var scalars: [[Scalar]] = []
        for claim in claims {
            let texts = given.filter { $0.name == claim.name }.map(\.value)
            guard !texts.isEmpty else { throw .missing(claim.name) }
            let values = texts.compactMap(ClaimKind(type: claim.type, isList: claim.isList).value)
            guard values.count == texts.count, claim.isList || values.count == 1 else { throw .unusable(claim.name) }
            scalars.append(values)
        }
        return ClaimValues(scalars: scalars)
    }
}
