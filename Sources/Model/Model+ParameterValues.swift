import Expressions
import GraphQLTypes
import StoreColumns

/// What a request says of parameters: for which variant and place they are read, and values of its own.
package struct ParameterScope: Sendable, Hashable {
    /// Names that a request has for the scope itself.
    package static let variantName = "profile"
    package static let placeName = "area"

    /// By name: as text.
    package var texts: [String: String]
    package init(_ texts: [String: String] = [:]) { self.texts = texts }

    var isEmpty: Bool { texts.isEmpty }
}

/// The values of a model's parameters for one version, date and scope, with where each came from.
package struct ResolvedParameters: Sendable {
    package enum Origin: Sendable, Hashable {
        /// The request said it.
        case request
        /// A row of the type with `@parameters`, by its key.
        case row(String)
        /// The model declares it.
        case model
        /// Nothing says it.
        case none
    }
    package var values: ParameterValues
    /// By `ParameterID`.
    package var origins: [Origin]
    /// What the request said, in one text: of one version and date it settles everything else.
    package var scope: String
    /// What the request said.
    package var asked = ParameterScope()
}

/// Why a request's parameters cannot be read.
package struct ParameterProblem: Error, Sendable {
    /// Whether the name is the mistake, or the value.
    package var isUnknownName: Bool
    package var name: String
    package var message: String
}

extension Model {
    /// What `param` reads: of the request, else of the row for the variant at the nearest place that was valid last, else as
    /// declared for the variant; and the same once more for the standard variant. The cost is that of one look at all rows that set
    /// parameters.
    ///
    /// - Throws: where the request names a parameter, variant or place that is none, or gives a value that is not of its type.
    package func resolvedParameters(
        _ scope: ParameterScope, in version: GraphVersion, asOf: CivilDate
    ) throws(ParameterProblem) -> ResolvedParameters {
        let scopeText = scope.texts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
        guard let parameters else {
            if let name = scope.texts.keys.min() {
                throw ParameterProblem(isUnknownName: true, name: name, message: "The model has no parameters.")
            }
            return ResolvedParameters(values: ParameterValues([]), origins: [], scope: scopeText)
        }
        let given = try self.given(scope, parameters)
        let chosen = try variant(scope, parameters)
        let rows = ParameterRows(parameters, version, asOf: asOf, path: try path(scope, parameters, version))
        var scalars: [Scalar] = []
        var origins: [ResolvedParameters.Origin] = []
        for index in parameters.parameters.indices {
            for (place, variant) in ([chosen] + parameters.table.variants.indices.map(Optional.some)).enumerated() {
                // What a request gives is the value where no variant is named.
                let own = place == 0 ? given[index] : nil
                let (scalar, origin) = own.map { ($0, .request) } ?? rows.value(of: index, variant, catalog)
                scalars.append(scalar)
                origins.append(origin)
            }
        }
        return ResolvedParameters(values: ParameterValues(scalars), origins: origins, scope: scopeText, asked: scope)
    }

    private func given(_ scope: ParameterScope, _ parameters: ModelParameters) throws(ParameterProblem) -> [Int: Scalar] {
        var given: [Int: Scalar] = [:]
        for (name, text) in scope.texts where name != ParameterScope.variantName && name != ParameterScope.placeName {
            guard let index = parameters.table.index(named: name) else {
                let hint = suggestion(for: name, among: parameters.parameters.map(\.name))
                throw ParameterProblem(
                    isUnknownName: true, name: name, message: "The model has no parameter '\(name.prefix(100))'.\(hint)")
            }
            let type = parameters.parameters[index].type
            guard let scalar = Scalar(parameterText: text, type, catalog) else {
                throw ParameterProblem(
                    isUnknownName: false, name: name,
                    message: "The parameter '\(name)' is \(type.description(in: catalog)), and '\(text.prefix(100))' is none.")
            }
            given[index] = scalar
        }
        return given
    }

    private func variant(_ scope: ParameterScope, _ parameters: ModelParameters) throws(ParameterProblem) -> Int? {
        guard let name = scope.texts[ParameterScope.variantName] else { return parameters.standardVariant }
        guard let variant = parameters.table.variants.firstIndex(of: name) else {
            throw ParameterProblem(
                isUnknownName: false, name: ParameterScope.variantName,
                message:
                    "'\(name.prefix(100))' is no variant of the parameters; \(parameters.table.variants.joined(separator: ", ")) "
                    + "are possible.")
        }
        return variant
    }

    /// The rows from the place that was named up to the root, nearest first; where none was named, the roots.
    private func path(
        _ scope: ParameterScope, _ parameters: ModelParameters, _ version: GraphVersion
    ) throws(ParameterProblem) -> [RowNumber]? {
        guard let type = parameters.placeType, let column = parameters.parentColumn,
            case .reference(let parents) = version[type].column(column)
        else { return nil }
        guard let name = scope.texts[ParameterScope.placeName] else { return nil }
        guard let row = version.row(of: type, forKey: Key([.string(name)])) else {
            throw ParameterProblem(
                isUnknownName: false, name: ParameterScope.placeName,
                message: "There is no \(self[type].name) '\(name.prefix(100))'.")
        }
        var path: [RowNumber] = [row]
        while let next = path.last.flatMap({ parents[$0] }), !path.contains(next) { path.append(next) }
        return path
    }
}

/// The rows that set parameters and are valid on a date, by parameter.
private struct ParameterRows {
    private struct Candidate {
        var row: RowNumber
        var variant: Int?
        /// 0 is nearest.
        var distance: Int
        var from: Int32
        var text: String?
    }

    private let parameters: ModelParameters
    private let version: GraphVersion
    private var candidates: [Int: [Candidate]] = [:]

    init(_ parameters: ModelParameters, _ version: GraphVersion, asOf: CivilDate, path: [RowNumber]?) {
        self.parameters = parameters
        self.version = version
        let table = version[parameters.type]
        guard table.rowCount > 0, case .string(let names) = table.column(parameters.nameColumn),
            case .string(let values) = table.column(parameters.valueColumn)
        else { return }
        func date(_ column: Int?, _ row: RowNumber) -> Int32? {
            guard let column, case .date(let dates) = table.column(column) else { return nil }
            return dates[row]
        }
        for row in 0..<RowNumber(table.rowCount) where table.isLive(row) {
            guard let name = names.text(at: Int(row)), let index = parameters.table.index(named: name) else { continue }
            let from = date(parameters.period?.fromColumn, row) ?? .min
            guard from <= asOf.days, date(parameters.period?.toColumn, row).map({ asOf.days < $0 }) ?? true else { continue }
            var variant: Int?
            if let column = parameters.variantColumn, case .enumeration(let codes) = table.column(column) {
                variant = codes[row].map(Int.init)
            }
            var distance = 0
            if let column = parameters.placeColumn, case .reference(let places) = table.column(column), let place = places[row] {
                guard let found = Self.distance(of: place, path, parameters, version) else { continue }
                distance = found
            }
            candidates[index, default: []].append(
                Candidate(row: row, variant: variant, distance: distance, from: from, text: values.text(at: Int(row))))
        }
    }

    /// Nil where a row of that place does not hold.
    private static func distance(
        of place: RowNumber, _ path: [RowNumber]?, _ parameters: ModelParameters, _ version: GraphVersion
    ) -> Int? {
        if let path { return path.firstIndex(of: place) }
        guard let type = parameters.placeType, let column = parameters.parentColumn,
            case .reference(let parents) = version[type].column(column)
        else { return 0 }
        return parents[place] == nil ? 0 : nil
    }

    func value(of index: Int, _ variant: Int?, _ catalog: Catalog) -> (Scalar, ResolvedParameters.Origin) {
        let parameter = parameters.parameters[index]
        let standard = parameters.standardVariant
        for variant in variant == standard ? [standard] : [variant, standard] {
            let best = candidates[index]?.filter { $0.variant == variant }
                .min { ($0.distance, -Int($0.from), $0.row) < ($1.distance, -Int($1.from), $1.row) }
            if let best {
                let key = KeyText.text(version.key(of: best.row, type: parameters.type), of: parameters.type, in: catalog)
                // A text that is no value of the type sets nothing, and what reads it is unknown.
                return (best.text.flatMap { Scalar(parameterText: $0, parameter.type, catalog) } ?? .null, .row(key))
            }
            let declared = variant.map { parameter.values[$0] } ?? nil
            if let declared { return (declared.scalar, .model) }
        }
        return parameter.values.last.flatMap { $0 }.map { ($0.scalar, .model) } ?? (.null, .none)
    }
}
