import GraphQLSyntax

extension Reader {
    /// What the directives of one type, or of one extension of it, say of procedures.
    func readProcedures(_ directives: AppliedDirectives) -> ProcedureDeclarations {
        var read = ProcedureDeclarations()
        read.procedures = directives.all("procedure").compactMap { procedure in
            guard let name = procedure.string("name"), let state = procedure.string("state") else { return nil }
            return ProcedureDeclaration(
                name: name, condition: procedure.expression("when"), state: state,
                label: Label(chinese: procedure.string("zh")?.value), explanation: procedure.string("en")?.value)
        }
        read.transitions = directives.all("transition").compactMap { transition in
            guard let step = transition.string("step"), let to = transition.string("to") else { return nil }
            return TransitionDeclaration(
                procedures: transition.strings("of"), step: step, from: transition.strings("from"), to: to,
                by: transition.strings("by"), evidence: transition.strings("evidence"), guards: transition.strings("guards"),
                label: Label(chinese: transition.string("zh")?.value), explanation: transition.string("en")?.value,
                place: transition.place)
        }
        read.guards = directives.all("guard").compactMap { found in
            guard let check = CheckDeclaration(found) else { return nil }
            return GuardDeclaration(
                check: check, reason: found.string("reason")?.value ?? "RULE_FAILED",
                passesUnknown: found.boolean("passesUnknown") ?? false,
                isAskedBeforehand: found.boolean("beforehand") ?? true, found: found.expression("found"))
        }
        if let steps = directives.first("steps"), let of = steps.string("of"), let number = steps.string("number"),
            let from = steps.string("from"), let to = steps.string("to"), let on = steps.string("on")
        {
            read.steps = StepsDeclaration(
                of: of, number: number, from: from, to: to, on: on, by: steps.strings("by"), evidence: steps.string("evidence"),
                place: steps.place)
        }
        return read
    }

    /// `extend type` adds rules to a type: procedures are long, and have files of their own.
    mutating func readExtension(_ node: TypeDefinition, in document: Document) {
        let name = document[node.name.id]
        guard node.kind == .object, node.fields.isEmpty, node.interfaces.isEmpty else {
            return problems.report(
                .unsupported,
                "Found an extension of '\(name)' that adds more than @procedure, @transition, @guard and @check; those it may add.",
                at: document.place(of: node.name.range))
        }
        for directive in document[node.directives] {
            let found = document[directive.name.id]
            guard ["procedure", "transition", "guard", "check"].contains(found) else {
                problems.report(
                    .unsupported, "Found '@\(found)' on an extension of '\(name)'; it stands where the type does.",
                    at: document.place(of: directive.range))
                continue
            }
        }
        let directives = AppliedDirectives(node.directives, in: document)
        extensions.append((name, directives.all("check").compactMap { CheckDeclaration($0) }, readProcedures(directives)))
    }

    /// Gives types what extensions add. After all files are read: an extension may come before its type.
    mutating func applyExtensions() {
        for (name, checks, procedures) in extensions {
            guard let index = types.firstIndex(where: { $0.name == name }) else { continue }
            types[index].checks += checks
            types[index].procedures.append(procedures)
        }
        extensions = []
    }
}
