import Expressions
import GraphQLSyntax
import StoreColumns

// What the model says about earlier models.

extension Structure {
    /// The catalog with earlier names and places.
    var outline: CatalogOutline {
        var outline = CatalogOutline(
            catalog: catalog,
            nodeTypes: types.enumerated().map { index, type in
                let stored = type.fields.indices.filter { sources[index][$0].flatMap(column(of:)) != nil }
                return CatalogOutline.NodeType(
                    origin(type.previousNames, type.place),
                    columns: zip(stored, initialCells[index]).map { field, initial in
                        CatalogOutline.Column(
                            origin(type.fields[field].previousNames, type.fields[field].place), initial: initial)
                    })
            },
            enumerations: enumerations.map { declaration in
                CatalogOutline.Enumeration(
                    origin(declaration.previousNames, declaration.place),
                    values: zip(declaration.values, declaration.valuePlaces).map { origin($0.previousNames, $1) })
            })
        outline.audience = masking?.text
        return outline
    }

    private func origin(_ previousNames: [String], _ place: Place) -> CatalogOutline.Origin {
        let location = place.location
        return CatalogOutline.Origin(
            previousNames: previousNames, place: "\(place.source.name):\(location.line):\(location.column)")
    }

    // MARK: - Values for rows that are there

    /// The value of `@backfill`, as the column holds it.
    mutating func initialCell(of field: FieldDeclaration, kind: ColumnKind, type: Int) -> Cell? {
        guard let backfill = field.backfill else { return nil }
        let text = backfill.value
        let cell: Cell? =
            switch kind {
            case .boolean: ["true": Cell.boolean(true), "false": .boolean(false)][text]
            case .int: Int32(text).map(Cell.int)
            case .decimal(let digits):
                Decimal(text).flatMap { $0.fractionDigits <= digits ? $0.rescaled(to: digits) : nil }
                    .map { Cell.decimal($0.unscaled) }
            case .float: Double(text).flatMap { $0.isFinite ? Cell.float($0) : nil }
            case .date: CivilDate(isoText: text).map { Cell.date($0.days) }
            case .dateTime: Instant(isoText: text).map { Cell.dateTime($0.microseconds) }
            case .enumeration(let id): catalog[id].code(of: text).map(Cell.enumeration)
            case .string: text.utf8.count <= StringDictionary.maximumByteCount ? .string(text) : nil
            case .reference, .enumerationList, .referenceList: nil
            }
        if cell == nil {
            problems.report(
                .unsuitableField,
                "@backfill(value:) of \(types[type].name).\(field.name) is '\(text)', which is no value of '\(field.type.text)'; "
                    + "a number, a date, a text, true, false or the name of an enum value can be given, and no row.",
                at: backfill.place)
        }
        return cell
    }

    // MARK: - Earlier names

    /// An earlier name means one thing: nothing else has it now, and nothing else had it.
    mutating func checkPreviousNames() {
        check(types.map { ($0.name, $0.previousNames, $0.place) }, "the type")
        check(enumerations.map { ($0.name, $0.previousNames, $0.place) }, "the enum")
        for type in types {
            check(type.fields.map { ($0.name, $0.previousNames, $0.place) }, "the field", of: type.name)
        }
        for enumeration in enumerations {
            let named = zip(enumeration.values, enumeration.valuePlaces).map { ($0.name, $0.previousNames, $1) }
            check(named, "the value", of: enumeration.name)
        }
    }

    private mutating func check(
        _ named: [(name: String, previousNames: [String], place: Place)], _ kind: String, of owner: String? = nil
    ) {
        var holders: [String: String] = [:]
        for thing in named { holders[thing.name] = thing.name }
        let prefix = owner.map { "\($0)." } ?? ""
        for thing in named {
            for name in thing.previousNames {
                if let holder = holders[name] {
                    let clash = holder == name ? "has that name now" : "says the same"
                    problems.report(
                        .name,
                        "@was(name: \"\(name)\") of \(kind) \(prefix)\(thing.name): \(prefix)\(holder) \(clash); an earlier name "
                            + "means one thing.", at: thing.place)
                } else {
                    holders[name] = thing.name
                }
            }
        }
    }
}
