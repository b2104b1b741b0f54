import Expressions
import StoreColumns

/// Which classes of personal data each field of a model tells something of, through what it is computed from too.
///
/// Of a field that the model calls personal, or says to be a verdict that is given with a class, that class; of one that is read or computed
/// from others theirs, unless the model says that it tells about nobody.
package struct FieldTellings: Sendable {
    /// What one field tells.
    package struct Telling: Sendable, Hashable {
        /// The classes, as `@personal(about:)` names them, in alphabetical order; empty where it tells about nobody.
        package var kinds: [String] = []
        /// Whether any of it is sensitive (`@personal(class: SPI)`).
        package var isSensitive = false

        package var isEmpty: Bool { kinds.isEmpty }

        mutating func add(_ other: Telling) {
            isSensitive = isSensitive || other.isSensitive
            for kind in other.kinds { add(kind) }
        }

        mutating func add(_ kind: String) {
            guard !kinds.contains(kind) else { return }
            kinds.append(kind)
            kinds.sort()
        }
    }

    private let reads: FieldReads
    /// By type and position in `ModelType.fields`.
    private var tellings: [[Telling?]]

    package init(_ model: Model) {
        reads = FieldReads(model)
        tellings = model.types.map { Array(repeating: nil, count: $0.fields.count) }
        for type in model.types {
            for position in type.fields.indices { _ = work(FieldPlace(type: type.nodeType, position: position), model) }
        }
    }

    /// - Parameter field: The position in `ModelType.fields`.
    package func telling(of field: Int, in type: NodeTypeID) -> Telling { tellings[type.index][field] ?? Telling() }

    /// Of the field that is stored in a column.
    package func telling(ofColumn column: Int, of type: NodeTypeID) -> Telling {
        telling(of: reads.field(ofColumn: column, of: type).position, in: type)
    }

    /// Of all that a condition, an order or a key reads.
    package func telling(of expression: Expression) -> Telling {
        var telling = Telling()
        for read in reads.reads(of: expression) { telling.add(self.telling(of: read.position, in: read.type)) }
        return telling
    }

    private mutating func work(_ place: FieldPlace, _ model: Model) -> Telling {
        if let known = tellings[place.type.index][place.position] { return known }
        let field = model[place.type].fields[place.position]
        var telling = Telling()
        if let personal = field.personal {
            telling = Telling(kinds: [personal.about], isSensitive: personal.class == .sensitive)
        } else if let kind = field.givenWith {
            telling.add(kind)
        } else if !field.tellsOfNobody {
            // Derived fields never read themselves, and references end in columns, so this comes to an end.
            for read in reads.reads(of: field.source, of: place.type) { telling.add(work(read, model)) }
        }
        tellings[place.type.index][place.position] = telling
        return telling
    }
}
