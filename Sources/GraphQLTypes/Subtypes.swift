extension Schema {
    /// True where a value of the first type can stand for one of the second. GraphQL §3.6, IsSubType
    package func isSubtype(_ type: TypeReference, of other: TypeReference) -> Bool {
        if type == other { return true }
        if other.isNonNull { return type.isNonNull && isSubtype(type.nullable, of: other.nullable) }
        if type.isNonNull { return isSubtype(type.nullable, of: other) }
        if let expected = other.element { return type.element.map { isSubtype($0, of: expected) } ?? false }
        return !type.isList && isSubtype(type.named, of: other.named)
    }

    /// True for the type itself, for a member of a union, and for what implements an interface.
    package func isSubtype(_ type: TypeID, of other: TypeID) -> Bool {
        if type == other { return true }
        return switch self[other].kind {
        case .union: self[other].possibleTypes.contains(type)
        case .interface: self[type].interfaces.contains(other)
        default: false
        }
    }
}
