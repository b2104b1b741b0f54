import Bytes
import GraphQLSyntax
import GraphQLTypes
import Model
import QueryExecution
import QueryPlanning
import StoreColumns
import Synchronization

/// The name of an answer before it is made, without what writes it: equal names are equal bytes. `api.md` §7
package struct AnswerIdentity: Sendable, Hashable {
    /// Keyed: who does not know the process's key can neither make one nor learn anything from one.
    package let name: String
    /// The newest version that changed anything of which the answer can be made.
    package let changedAt: UInt64
    /// Whether the answer is another on another date.
    package let readsAsOf: Bool
}

/// What the answers to one request stand on: worked out once, and then held against any version and date for the price of a
/// look-up.
///
/// A document that names its own version, or a page that goes on where another ended, has none.
package final class AnswerFooting: Sendable {
    private struct Known: Sendable {
        var version: UInt64
        var asOf: CivilDate
        var identity: AnswerIdentity
    }

    private let service: QueryService
    /// Of everything that the request says.
    private let asked: SHA256Digest
    private let reads: PlanReads
    private let scope: ParameterScope
    /// What the operation itself wants its data as of.
    package let ownDate: CivilDate?
    /// Whether every new version may show other rows: what a change leads to is not told by the columns that are read.
    private let seesPart: Bool
    /// The last two: polls of today beside those of another date or version.
    private let known = Mutex<[Known]>([])

    fileprivate init(
        _ service: QueryService, asked: SHA256Digest, reads: PlanReads, scope: ParameterScope, ownDate: CivilDate?,
        seesPart: Bool
    ) {
        self.seesPart = seesPart
        self.service = service
        self.asked = asked
        self.reads = reads
        self.scope = scope
        self.ownDate = ownDate
    }

    /// The date that an answer is as of.
    package func date(_ asOf: CivilDate) -> CivilDate { ownDate ?? asOf }

    /// The name of the answer from a version, as of a date unless the operation names its own; nil where the version has none, for
    /// parameters that it does not know.
    package func identity(in version: GraphVersion, asOf: CivilDate) -> AnswerIdentity? {
        let date = ownDate ?? asOf
        let found = known.withLock { $0.last { $0.version == version.number && $0.asOf == date }?.identity }
        if let found { return found }
        guard let identity = makeIdentity(version, date) else { return nil }
        known.withLock { known in
            if known.count == 2 { known.removeFirst() }
            known.append(Known(version: version.number, asOf: date, identity: identity))
        }
        return identity
    }

    private func makeIdentity(_ version: GraphVersion, _ date: CivilDate) -> AnswerIdentity? {
        guard version.catalog == service.model.catalog else { return nil }
        let changedAt = seesPart ? version.number : reads.newestVersion(in: version)
        var text = TaggedText(service.tagKey)
        text.add(asked.hexadecimal)
        text.add(String(changedAt))
        text.add(reads.readsAsOf ? date.description : "")
        if reads.readsWholeVersion {
            for (name, value) in scope.texts.sorted(by: { $0.key < $1.key }) { text.add("\(name)=\(value)") }
        }
        if !reads.parameters.isEmpty {
            let values: DerivedColumnCache.Entry
            do throws(BeginningEnd) {
                values = try service.derivedEntry(for: version, date, scope)
            } catch {
                return nil
            }
            for parameter in service.model.recorded(reads.parameters, values.parameters) { text.add(parameter) }
        }
        return AnswerIdentity(
            name: String(text.digest.hexadecimal.prefix(32)), changedAt: changedAt, readsAsOf: reads.readsAsOf)
    }
}

extension QueryService {
    /// What the answers to a request stand on; nil where that cannot be told, and where it would not be answered with data.
    ///
    /// - Parameters:
    ///   - version: For what filters name.
    package func footing(
        of request: QueryRequest, version: GraphVersion, asOf: CivilDate, viewer: Viewer
    ) -> AnswerFooting? {
        guard request.explainClock == nil, namesAnswers(to: viewer) else { return nil }
        do throws(RequestError) {
            let operation = try operation(of: request, viewer)
            guard operation.operation.kind == .query else { return nil }
            let variables = try variables(request, operation)
            guard try operation.versionName(variables: variables) == nil else { return nil }
            let plan = operation.plan(variables: variables)
            // Explanations read the saved questions too, which are of no version.
            guard plan.givenNodes.isEmpty, plan.versionOfCursors(variables, seal) == nil else { return nil }
            let scope = try request.parameterScope(besides: standardParameters)
            let ownDate = try operation.asOfText(variables: variables).flatMap { CivilDate(isoText: $0) }
            guard let reads = reads(of: plan, variables, version, ownDate ?? asOf, scope, viewer) else { return nil }
            var text = TaggedText(tagKey)
            text.add(model.digest)
            text.add(String(decoding: operation.document.source.bytes, as: UTF8.self))
            text.add(request.operationName ?? "")
            text.add(String(variables.count))
            for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
                text.add(name)
                text.add(value.literalText)
            }
            text.add(viewer.role)
            for claim in viewer.claims { text.add("\(claim.name)=\(claim.value)") }
            text.add(request.numberStyle.quotesExact ? "quoted" : "")
            text.add(request.numberStyle.showsFractions ? "fractions" : "")
            return AnswerFooting(
                self, asked: text.digest, reads: reads, scope: scope, ownDate: ownDate, seesPart: seesPart(viewer))
        } catch {
            return nil
        }
    }

    /// What a log calls a document: the same as long as the process lives, and nothing that could be guessed back, because a
    /// document may hold an identity number.
    package func loggedDigest(of request: QueryRequest) -> String {
        var text = TaggedText(tagKey)
        text.add(request.documentDigest.hexadecimal)
        return String(text.digest.hexadecimal.prefix(16))
    }

    private func reads(
        of plan: Plan, _ variables: [String: InputValue], _ version: GraphVersion, _ date: CivilDate, _ scope: ParameterScope,
        _ viewer: Viewer
    ) -> PlanReads? {
        let computed: DerivedColumnCache.Entry
        do throws(BeginningEnd) {
            computed = try derivedEntry(for: version, date, scope)
        } catch {
            return nil
        }
        let source = GraphSource(
            version: version, model: model, asOf: date, derived: computed.columns, keyRanks: computed.ranks, viewer: viewer,
            budget: makeBudget(), seal: seal, parameters: computed.parameters, rowTypes: computed.rowTypes)
        do throws(BindingProblem) {
            return try PlanReads(plan, variables: variables, in: source, limits: answerLimits)
        } catch {
            return nil
        }
    }
}

/// Texts under one digest, each with its length, so that no two lists of texts are the same bytes.
private struct TaggedText {
    private var hash = SHA256Hasher()

    init(_ key: [UInt8]) { hash.update(key.span) }

    var digest: SHA256Digest { hash.digest }

    mutating func add(_ text: String) {
        let bytes = Array("\(text.utf8.count):\(text)".utf8)
        hash.update(bytes.span)
    }

    mutating func add(_ parameter: RecordedParameter) {
        add(parameter.name)
        add(parameter.variant ?? "")
        add(parameter.value.map { "=\($0)" } ?? "")
        add("\(parameter.origin)")
        add(parameter.source ?? "")
    }
}
