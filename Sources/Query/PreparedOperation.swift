import Bytes
import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import Model
import QueryExecution
import QueryPlanning
import StoreColumns
import Synchronization

/// An operation of a document that was checked, with the plans made of it so far: what a repeated question finds.
final class PreparedOperation: Sendable {
    /// More plans of one operation than this are made anew each time: `@skip` and `@include` over many variables.
    private static let planLimit = 16

    let valid: ValidDocument
    let operation: OperationDefinition
    let pace = OperationPace()
    let declared: DeclaredVariables
    private let model: Model
    private let conditions: ConditionVariables
    private let asOf: ArgumentsTemplate?
    private let version: ArgumentsTemplate?
    private let plans = Mutex<[[Bool]: PreparedPlan]>([:])

    /// Lent, as it has many parts to count.
    var document: Document { _read { yield valid.document } }

    /// - Throws: Where the name does not single out an operation.
    init(
        _ valid: ValidDocument, named name: String?, model: Model, language: QueryLanguage
    ) throws(RequestError) {
        // Once: it has many parts to count.
        let document = valid.document
        guard let operation = try Self.operation(in: document, named: name, language) else {
            throw RequestError(
                .operationUnresolved, "The document has several operations; say which with 'operationName'.",
                code: .operationResolutionFailure)
        }
        self.valid = valid
        self.operation = operation
        declared = model.schema.declaredVariables(operation.variables, in: document)
        self.model = model
        conditions = ConditionVariables(document)
        asOf = try Self.template("asOf", of: operation, document, model.schema)
        version = try Self.template("version", of: operation, document, model.schema)
    }

    /// The variables of a request, coerced; nil where they do not fit, which the pipeline tells. A call, so that nothing is counted on the
    /// way.
    @inline(never)
    func coerced(_ variables: InputObject) -> VariableValues? { try? model.schema.coerce(variables, as: declared) }

    /// GraphQL §6.1 GetOperation
    /// - Returns: nil where the document has several operations and no name is given.
    static func operation(
        in document: Document, named name: String?, _ language: QueryLanguage
    ) throws(RequestError) -> OperationDefinition? {
        let operations = document.definitions.compactMap { definition in
            if case .operation(let operation) = definition { operation } else { nil }
        }
        if let name {
            for operation in operations {
                if let id = operation.name?.id, document[id] == name { return operation }
            }
            let names = operations.compactMap { $0.name.map { document[$0.id] } }
            throw RequestError(
                .operationUnresolved,
                "The document has no operation '\(name.prefix(100))'."
                    + (language.introspects ? suggestion(for: name, among: names) : ""),
                code: .operationResolutionFailure)
        }
        guard let first = operations.first else {
            throw RequestError(.operationUnresolved, "The document has no operation.", code: .operationResolutionFailure)
        }
        return operations.count == 1 ? first : nil
    }

    /// The plan for an assignment of variables.
    func plan(variables: [String: InputValue]) -> Plan { preparedPlan(variables: variables).plan }

    func preparedPlan(variables: [String: InputValue]) -> PreparedPlan {
        let key = conditions.values(in: variables)
        if let plan = plans.withLock({ $0[key] }) { return plan }
        let plan = PreparedPlan(Plan(valid, operation: operation, model: model, variables: variables), model, declared.names)
        plans.withLock { plans in
            if plans.count < Self.planLimit { plans[key] = plan }
        }
        return plan
    }

    /// The plan of a query that has one plan for all variables, names neither its date nor its version nor a page of either, and was run
    /// more than once; nil for any other.
    var repeatedPlan: RepeatedPlan? {
        guard operation.kind == .query, conditions.names.isEmpty, asOf == nil, version == nil,
            let known = plans.withLock({ $0[[]] })?.repeated, known.variables.isKeepable, known.plan.cursors.isEmpty,
            known.plan.givenNodes.isEmpty
        else { return nil }
        return known
    }

    // MARK: - @asOf and @version

    /// The arguments of a directive of the operation; nil where it has none.
    private static func template(
        _ name: String, of operation: OperationDefinition, _ document: Document, _ schema: Schema
    ) throws(RequestError) -> ArgumentsTemplate? {
        guard let definition = schema.directive(named: name),
            let directive = document[operation.directives].first(where: { document[$0.name.id] == name })
        else { return nil }
        do throws(InputProblems) {
            return try schema.template(
                of: directive.arguments, in: document, for: definition.arguments, at: directive.range)
        } catch {
            throw RequestError(.invalid, error.problems.map { QueryError($0, in: document.source) })
        }
    }

    /// The date that the operation itself wants its data as of, as coerced; nil where it does not say.
    func asOfText(variables: [String: InputValue]) throws(RequestError) -> String? {
        guard let asOf else { return nil }
        do throws(InputProblem) {
            guard case .string(let text)? = try model.schema.resolve(asOf, variables: variables)["date"] else { return nil }
            return text
        } catch {
            throw RequestError(.badVariables, [QueryError(error, in: document.source)])
        }
    }

    /// The version that the operation itself wants to be answered from; nil where it does not say.
    func versionName(variables: [String: InputValue]) throws(RequestError) -> VersionName? {
        guard let version else { return nil }
        let arguments: InputObject
        do throws(InputProblem) {
            arguments = try model.schema.resolve(version, variables: variables)
        } catch {
            throw RequestError(.badVariables, [QueryError(error, in: document.source)])
        }
        func problem(_ message: String) -> RequestError {
            RequestError(.badVariables, message, argumentPath: "@version")
        }
        switch (arguments["id"], arguments["knownAt"]) {
        case (.string(let id)?, nil), (.string(let id)?, .null?):
            guard let number = UInt64(id) else { throw problem("'@version(id:)' is not the number of a version.") }
            return .number(number)
        case (nil, .string(let text)?), (.null?, .string(let text)?):
            guard let moment = Instant(isoText: text) else { throw problem("'@version(knownAt:)' is not an instant.") }
            return .knownAt(moment)
        case (.string?, .string?): throw problem("'@version' takes 'id' or 'knownAt', and not both.")
        default: return nil
        }
    }
}

/// A plan, and what of a request may be another while what the plan was bound to is kept.
final class PreparedPlan: Sendable {
    let plan: Plan
    private let shown = AtomicLazyReference<Tellings>()
    /// With what variables ask by, by what of them is more than a value.
    private let asked = LeastRecentlyUsed<[InputValue?], Tellings>(capacity: 16)
    private let model: Model
    private let declared: [String]
    private let wasRun = Atomic(false)
    private let known = OnceReference<RepeatedPlan>()

    /// - Parameter declared: The names of the operation's variables.
    init(_ plan: Plan, _ model: Model, _ declared: [String]) {
        self.declared = declared
        self.plan = plan
        self.model = model
    }

    private final class Tellings: Sendable {
        let tellings: PlanTellings
        init(_ tellings: PlanTellings) { self.tellings = tellings }
    }

    /// What its answers tell about persons, whatever the variables are. Worked out once.
    func tellings(_ fields: FieldTellings) -> PlanTellings {
        if let known = shown.load() { return known.tellings }
        return shown.storeIfNil(Tellings(PlanTellings(plan, in: model, fields))).tellings
    }

    /// The same, with what rows are chosen, sorted and put into groups by; kept for requests that differ in values alone.
    ///
    /// - Parameter ask: Finds it out.
    func tellings(
        _ fields: FieldTellings, asking variables: [String: InputValue],
        _ ask: (PlanTellings) throws(BeginningEnd) -> PlanTellings
    ) throws(BeginningEnd) -> PlanTellings {
        let shown = tellings(fields)
        guard plan.asksByFields else { return shown }
        guard let known = known.load(), known.variables.isKeepable else { return try ask(shown) }
        let shape = known.variables.shape(of: variables)
        if let asked = asked[shape] { return asked.tellings }
        let tellings = try ask(shown)
        asked.insert(Tellings(tellings), for: shape)
        return tellings
    }

    /// What `repeatedForRun` has told; nil before.
    var repeated: RepeatedPlan? { known.load() }

    /// Told once for each run. Nil at the first, as most documents never come again.
    func repeatedForRun() -> RepeatedPlan? {
        if let known = known.load() { return known }
        guard wasRun.exchange(true, ordering: .relaxed) else { return nil }
        return known.storeIfNil(RepeatedPlan(plan, PlanVariables(plan, in: model, declared: declared)))
    }
}
