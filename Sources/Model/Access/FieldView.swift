/// What a role sees of a field.
package enum FieldView: Sendable, Hashable {
    /// What it holds; it can be asked for in every way.
    case full
    /// What its mask leaves of it, and nothing can be asked by it.
    case masked(Personal.Mask)
    /// Figures of many rows, and no row's own.
    case aggregate
    /// Nothing: for the role, the field is not there.
    case none

    /// Whether rows can be chosen, sorted, grouped and named by it.
    package var isFull: Bool { self == .full }
    /// Whether something of a single row's value is shown.
    package var isShown: Bool {
        switch self {
        case .full, .masked: true
        case .aggregate, .none: false
        }
    }

    /// How much it tells, from nothing up.
    private var rank: Int {
        switch self {
        case .none: 0
        case .aggregate: 1
        case .masked: 2
        case .full: 3
        }
    }

    /// The one of two that tells less.
    static func least(_ left: FieldView, _ right: FieldView) -> FieldView { right.rank < left.rank ? right : left }
}
