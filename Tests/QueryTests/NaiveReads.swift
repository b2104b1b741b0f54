import Expressions
import Model
import StoreColumns

/// What a field is read from, said once more and in another way than the engine says it: by walking the model's texts.
struct NaiveReads {
    let model: Model
    init(_ model: Model) { self.model = model }

    /// The types whose rows a field shows, or is read through.
    func targets(of field: ModelField) -> Set<Int> {
        var targets: Set<Int> = []
        switch field.source {
        case .column, .derived: break
        case .validColumn(let lookup, _, _): targets.insert(lookup.periodType.index)
        case .toOne(let edge, let target):
            targets.insert(target.index)
            if case .valid(let lookup, _) = edge { targets.insert(lookup.periodType.index) }
        case .toMany(let edge, let target):
            targets.insert(target.index)
            if case .valid(let lookup, _) = edge { targets.insert(lookup.periodType.index) }
        }
        return targets
    }

    /// The fields that it is read from itself: of a derived one by the columns of its expression, as the entity tags know them, and so
    /// through all that it reads.
    func reads(of field: ModelField, _ type: ModelType) -> [(Int, Int)] {
        var reads = ReadSet()
        switch field.source {
        case .column: return []
        case .derived(let id, let value): return derived(id, value, type)
        case .validColumn(let lookup, let column, let value):
            reads.add(
                .column(of: .follow(.variable(0, type.nodeType), .valid(lookup, on: nil)), column: column, value),
                in: model.parametricTypes)
            reads.addColumn(column, of: lookup.periodType)
        case .toOne(.reference, _): return []
        case .toOne(let edge, _): reads.add(.follow(.variable(0, type.nodeType), edge), in: model.parametricTypes)
        case .toMany(.list, _): return []
        case .toMany(let edge, _): reads.add(.rows(from: .variable(0, type.nodeType), edge), in: model.parametricTypes)
        }
        return places(reads)
    }

    /// A derived field that says itself what it is about stands for all that it reads.
    private func derived(_ id: DerivedID, _ value: ExpressionType, _ type: ModelType) -> [(Int, Int)] {
        var found: [(Int, Int)] = []
        let expression = model.parametricTypes[id].expression
        var direct = ReadSet()
        direct.add(cutting(expression), in: model.parametricTypes)
        found += places(direct)
        for other in expression.derivedFields {
            let field = model.parametricTypes[other]
            if let position = model[field.type].position(of: field.name) { found.append((field.type.index, position)) }
        }
        return found
    }

    /// Without the derived fields in it, whose rows stay.
    private func cutting(_ expression: Expression) -> Expression {
        if case .derived(let row, _, let type) = expression {
            // What stands in its place reads the row and nothing of it.
            return .coalesce([
                .conditional(.isNull(.optional(cutting(row))), then: .constant(.null, type), else: .constant(.null, type))
            ])
        }
        return expression.mappingParts { cutting($0) }
    }

    private func places(_ reads: ReadSet) -> [(Int, Int)] {
        var places: [(Int, Int)] = []
        func add(_ column: Int, _ type: NodeTypeID) {
            if let position = model[type].fields.firstIndex(where: { $0.column == column }) {
                places.append((type.index, position))
            }
        }
        for place in reads.columns { add(place.index, place.type) }
        for place in reads.inverses {
            let inverse = model.catalog[place.type].inverses[place.index]
            add(inverse.column, inverse.source)
        }
        return places
    }
}
