import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import HTTPService
import Model
import Query
import QueryPlanning

/// Each step of a saved question by itself, and the whole as a later and as a first asking.
struct Questions {
    private let sample: Sample
    private let question: Sample.Question

    init(_ sample: Sample, _ question: Sample.Question) {
        self.sample = sample
        self.question = question
    }

    func group() throws -> Group {
        let model = sample.register.model
        let schema = model.schema
        let source = Source(String(decoding: question.request.document, as: UTF8.self))
        let document = try parse(source)
        let valid = try validate(document, against: schema)
        guard case .operation(let operation) = document.definitions.first else {
            throw Sample.Unusable(description: "\(question.name): its first definition is no operation.")
        }
        let variables = try schema.coerceVariables(operation.variables, in: document, values: question.request.variables)
        let service = sample.makeService()
        // Twice: what is asked for a second time is kept, and may be tried.
        _ = sample.answer(question, by: service)
        let answer = sample.answer(question, by: service)
        answer.pace?.ran(isShort: true)
        guard let footing = sample.footing(of: question, by: service) else {
            throw Sample.Unusable(description: "\(question.name) has no name.")
        }
        guard answer.outcome == .data else {
            throw Sample.Unusable(description: "\(question.name): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return Group(
            name: "saved",
            title: "\(question.name): \(question.request.document.count) bytes asked, \(answer.body.count) bytes answered",
            comparison: "the first row is the question asked again, which the steps of its first asking are held against",
            bodies: [
                Body("asked again", .things(1, "requests")) { sample.answer(question, by: service).body.count },
                Body("parse", .things(1, "documents")) { try parse(source).definitions.count },
                Body("validate", .things(1, "documents")) {
                    try validate(document, against: schema).document.definitions.count
                },
                Body("plan", .things(1, "documents")) {
                    Plan(valid, operation: operation, model: model, variables: variables).nodes.count
                },
                Body("asked first: all steps, nothing kept", .things(1, "requests")) {
                    sample.answer(question, by: sample.makeService()).body.count
                },
                Body("asked again, as a server answers who polls", .things(1, "requests")) {
                    try sample.poll(question, footing, by: service).body.count
                },
            ])
    }
}
