/// How far the error of a position reaches.
package enum ErrorPropagation: Sendable, Hashable {
    /// To the nearest position around it that may be null. GraphQL §6.4.4
    case toNearestNullable
    /// No further: the position is null, whatever its type says. In no edition; clients that ask for it know that a
    /// null may be an error.
    case none
}
