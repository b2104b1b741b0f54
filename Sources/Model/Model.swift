import Expressions
import GraphQLSyntax
import GraphQLTypes
import StoreColumns

/// A file of the model: SDL with the directives of the model's prelude.
package struct ModelSource: Sendable {
    /// What messages call it: a file name.
    package var name: String
    package var bytes: [UInt8]
    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// What the register holds, read once from `Schema/model` and understood in every way that others need.
///
/// Immutable. Positions agree everywhere: `types` and `rowTypes.types` by `NodeTypeID`, a type's fields in the model's
/// order, `enumerations` by `EnumerationID`, `binding` by the schema's `TypeID`.
package final class Model: Sendable {
    /// The columns, edges and keys.
    package let catalog: Catalog
    /// What expressions see, derived fields compiled. A derived field reads only those with smaller ids.
    ///
    /// Parameters have their declared values here; `parametricTypes` holds them as they are written.
    package let rowTypes: RowTypes
    /// The same with parameters, to be bound to the values of a request.
    package let parametricTypes: RowTypes
    /// By `NodeTypeID`.
    package let types: [ModelType]
    /// By `EnumerationID`.
    package let enumerations: [ModelEnumeration]
    /// The API.
    package let schema: Schema
    /// The API as text, with descriptions: what a client makes of the answer to its introspection query, letter by letter.
    /// Made on every call, which costs a tenth of reading the model; most commands never ask for it.
    package var schemaText: String { printSchema(schema) }
    /// The columns once more, with the names they had before and the places where they are written: how data is brought over
    /// that was kept under an earlier model.
    package let outline: CatalogOutline
    /// From the API back to the model.
    package let binding: Binding
    /// What the caller says identifies the files: it changes when they do.
    package let digest: String
    /// What `param` may name; nil where the model has none.
    package let parameters: ModelParameters?
    /// What `cel` in filters may name: `parametricTypes`, or as much of it as a role sees.
    package let askedRowTypes: RowTypes
    /// For whom the rows were masked before they were rows of this model; nil: they are as they are.
    package let masking: Masking?
    /// The role that the model is for; nil: it is the whole model.
    package let view: RoleView?
    private let keptParameters = KeptParameters()
    private let typeIDs: [String: NodeTypeID]
    private let structure: Structure

    /// How many types and enums a model may have: far more than anyone has thought of, and few enough for all that walks over them.
    package static let maximumTypeCount = 1_000

    /// Reads the files of a model, in an order that is the caller's and settles the order of everything.
    ///
    /// - Parameter digest: Of the files' bytes; kept as it is.
    /// - Throws: Everything the first failing stage found: syntax, then GraphQL's rules, then what the model's directives
    ///   say, then the expressions of derived fields.
    package init(sources: [ModelSource], digest: String) throws(ModelErrors) {
        let files = sources.map(\.name)
        let documents = try Self.parse(sources)
        try Self.checkTypeSystem(documents)
        let structure = try Self.structure(documents)
        let api = API(structure)
        guard api.problems.isEmpty else { throw ModelErrors(api.problems.problems.inReadingOrder(of: files)) }
        var derived = DerivedFields(structure)
        guard let rowTypes = derived.compile() else { throw ModelErrors(derived.problems.problems) }

        var checks = Checks(structure, rowTypes)
        checks.compile()
        guard checks.problems.isEmpty else { throw ModelErrors(checks.problems.problems) }
        var procedures = ProcedureCompiler(structure, rowTypes, checks.byType)
        procedures.compile()
        guard procedures.problems.isEmpty else { throw ModelErrors(procedures.problems.problems) }

        let text = api.text
        let schema = Self.schema(text)
        self.catalog = structure.catalog
        self.outline = structure.outline
        self.parameters = structure.parameters
        self.rowTypes = structure.parameters.map { rowTypes.bound(to: $0.declaredValues) } ?? rowTypes
        self.parametricTypes = rowTypes
        self.schema = schema
        self.digest = digest
        self.binding = Binding(api.types, in: schema)
        self.enumerations = structure.modelEnumerations
        let types = structure.modelTypes(
            rowTypes: rowTypes, checks: checks.byType, procedures: procedures.byType, api: api, schema: schema)
        self.types = types
        self.typeIDs = Dictionary(types.map { ($0.name, $0.nodeType) }) { first, _ in first }
        self.structure = structure
        askedRowTypes = rowTypes
        masking = structure.masking
        view = nil
    }

    /// As much of a whole model as a role may use. What is computed stays computed of everything.
    private init(_ whole: Model, for view: RoleView) {
        let api = API(whole.structure, for: view)
        let schema = Self.schema(api.text)
        catalog = whole.catalog
        outline = whole.outline
        parameters = whole.parameters
        rowTypes = whole.rowTypes
        parametricTypes = whole.parametricTypes
        askedRowTypes = whole.parametricTypes.restricted { type, position in
            view.seesRows && view.view(of: position, in: type).isFull
        }
        self.schema = schema
        digest = whole.digest
        binding = Binding(api.types, in: schema)
        enumerations = whole.enumerations
        types = whole.types.map { $0.restricted(to: view, apiType: view.seesRows ? schema.type(named: $0.name) : nil) }
        typeIDs = Dictionary(types.filter { view.sees($0.nodeType) }.map { ($0.name, $0.nodeType) }) { first, _ in first }
        structure = whole.structure
        masking = whole.masking
        self.view = view
    }

    /// The model for a role: the same rows and columns by the same numbers, and of the API what the role may use.
    ///
    /// Costs about as much as half of reading the model; to be kept.
    /// - Parameter view: Made with this model, which is the whole one.
    package func restricted(to view: RoleView) -> Model {
        precondition(self.view == nil, "A role sees a part of the whole model.")
        return Model(self, for: view)
    }

    /// The row types of which anything is seen, in the model's order.
    package var seenTypes: [ModelType] { view.map { view in types.filter { view.sees($0.nodeType) } } ?? types }

    package subscript(id: NodeTypeID) -> ModelType { types[id.index] }
    package subscript(id: EnumerationID) -> ModelEnumeration { enumerations[id.index] }
    /// The row type of exactly that name, or nil.
    package func type(named name: String) -> ModelType? { typeIDs[name].map { types[$0.index] } }

    /// The row type that the name or heading of a file means: its name, the name of its list, its label or an alias.
    package func type(forHeading heading: some StringProtocol) -> HeadingMatch {
        let found = HeadingIndex(types.map { [$0.name, $0.singular, $0.plural] + $0.label.all }).positions(for: heading)
        return found.count > 1 ? .several(found) : found.first.map(HeadingMatch.one) ?? .none
    }

    // MARK: - Parameters

    /// What `param` reads in a version on a date, and what is derived with it; kept for whoever asks the same of a later version.
    ///
    /// - Throws: as `resolvedParameters`.
    package func boundParameters(
        _ scope: ParameterScope, in version: GraphVersion, asOf: CivilDate
    ) throws(ParameterProblem) -> BoundParameters {
        guard let parameters else {
            return BoundParameters(try resolvedParameters(scope, in: version, asOf: asOf), parametricTypes)
        }
        return try keptParameters.bound(scope, in: version, asOf: asOf, of: self, parameters)
    }

    /// What holds where nobody asks for anything else: what checks read.
    package func standardParameters(in version: GraphVersion, asOf: CivilDate) -> BoundParameters {
        do throws(ParameterProblem) {
            return try boundParameters(ParameterScope(), in: version, asOf: asOf)
        } catch {
            preconditionFailure("A scope that names nothing names nothing unknown: \(error.message)")
        }
    }

    // MARK: - Stages

    private static func parse(_ sources: [ModelSource]) throws(ModelErrors) -> [Document] {
        var problems: [ModelProblem] = []
        var documents: [Document] = []
        for file in sources {
            guard let source = Source(validating: file.bytes, name: file.name) else {
                problems.append(ModelProblem(.encoding, file: file.name, location: nil, message: "The file is not UTF-8."))
                continue
            }
            do throws(SyntaxError) {
                documents.append(try GraphQLSyntax.parse(source, limits: .schema))
            } catch {
                problems.append(ModelProblem(.syntax, file: file.name, location: error.location, message: error.message))
            }
        }
        guard problems.isEmpty else { throw ModelErrors(problems) }
        return documents
    }

    /// GraphQL's own rules over the prelude and the files together.
    private static func checkTypeSystem(_ documents: [Document]) throws(ModelErrors) {
        do throws(SchemaErrors) {
            _ = try buildSchema([Prelude.document] + documents)
        } catch {
            throw ModelErrors(
                error.diagnostics.map { diagnostic in
                    // A name that a file and the prelude both define is the file's fault.
                    let place = diagnostic.places.first { $0.sourceName != Prelude.fileName }
                    return ModelProblem(
                        .typeSystem(rule: diagnostic.rule), file: place?.sourceName ?? Prelude.fileName,
                        location: place?.location, message: diagnostic.message)
                })
        }
    }

    private static func structure(_ documents: [Document]) throws(ModelErrors) -> Structure {
        var reader = Reader()
        for document in documents { reader.read(document) }
        reader.applyExtensions()
        let count = reader.types.count + reader.enumerations.count
        guard !reader.types.isEmpty, count <= maximumTypeCount else {
            let message =
                count == 0 || reader.types.isEmpty
                ? "The model has no types; a file of the model holds types with @node(key: …)."
                : "The model has \(count) types and enums; \(maximumTypeCount) are possible."
            let file = documents.first?.source.name ?? "model"
            throw ModelErrors(
                reader.problems.problems + [ModelProblem(.unsupported, file: file, location: nil, message: message)])
        }
        var structure = Structure(types: reader.types, enumerations: reader.enumerations)
        structure.masking = reader.masking
        let problems = reader.problems.problems + structure.problems.problems
        guard problems.isEmpty else { throw ModelErrors(problems.inReadingOrder(of: documents.map(\.source.name))) }
        return structure
    }

    /// Builds the API's schema. Its text is ours: if it does not build, no file is to blame.
    private static func schema(_ text: String) -> Schema {
        do {
            let document = try GraphQLSyntax.parse(Source(text, name: "API"), limits: .schema)
            return try buildSchema([document], scalars: ScalarBehavior.ofTheAPI)
        } catch {
            preconditionFailure("The generated schema is valid: \(error)")
        }
    }
}

extension [ModelProblem] {
    fileprivate func inReadingOrder(of files: [String]) -> [ModelProblem] {
        let order = Dictionary(files.enumerated().map { ($1, $0) }) { first, _ in first }
        return enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            return (order[a.file] ?? 0, a.location?.line ?? 0, a.location?.column ?? 0, left.offset)
                < (order[b.file] ?? 0, b.location?.line ?? 0, b.location?.column ?? 0, right.offset)
        }.map(\.element)
    }
}

extension Structure {
    fileprivate var modelEnumerations: [ModelEnumeration] {
        enumerations.enumerated().map { index, declaration in
            ModelEnumeration(
                id: EnumerationID(index), name: declaration.name, description: declaration.description,
                label: declaration.label, values: declaration.values)
        }
    }

    fileprivate func modelTypes(
        rowTypes: RowTypes, checks: [[ModelCheck]], procedures: [TypeProcedures], api: API, schema: Schema
    ) -> [ModelType] {
        types.enumerated().map { index, declaration in
            guard let apiType = schema.type(named: declaration.name) else {
                preconditionFailure("The generated schema has every type of the model.")
            }
            return ModelType(
                name: declaration.name, nodeType: NodeTypeID(index), description: declaration.description,
                label: declaration.label, previousNames: declaration.previousNames, singular: api.singulars[index],
                plural: api.plurals[index], fields: fields(of: index, rowTypes: rowTypes), key: keys[index],
                period: periods[index], tree: trees[index], checks: checks[index], procedures: procedures[index],
                apiType: apiType)
        }
    }

    private func fields(of type: Int, rowTypes: RowTypes) -> [ModelField] {
        zip(types[type].fields, rowTypes.types[type].fields).map { declaration, row in
            ModelField(
                name: declaration.name, source: row.source, description: declaration.description, label: declaration.label,
                isNullable: declaration.type.isNullable, isUnique: declaration.isUnique != nil,
                isIndexed: declaration.isIndexed != nil, personal: declaration.personal,
                tellsOfNobody: declaration.tellsOfNobody != nil, givenWith: declaration.givenWith,
                isSearchable: declaration.search != nil, deprecationReason: declaration.deprecationReason,
                previousNames: declaration.previousNames)
        }
    }
}

extension Binding {
    /// Lays what was generated beside the schema that was built from its text.
    init(_ generated: [APIType], in schema: Schema) {
        let byName = Dictionary(generated.map { ($0.name, $0) }) { first, _ in first }
        self.init(
            types: schema.types.map { type in
                if let made = byName[type.name] { return made.binding }
                return APIScalar(rawValue: type.name).map(TypeBinding.scalar) ?? .builtIn
            },
            fields: schema.types.map { type in
                byName[type.name]?.fields.map(\.binding) ?? type.fields.map { _ in .builtIn }
            },
            arguments: schema.types.map { type in
                byName[type.name]?.fields.map { $0.arguments.map(\.binding) }
                    ?? type.fields.map { $0.arguments.map { _ in .builtIn } }
            },
            inputFields: schema.types.map { type in
                byName[type.name]?.inputFields.map(\.binding) ?? type.inputFields.map { _ in .builtIn }
            })
    }
}
