import Foundation
import Query

/// The page of a saved question: a form for its variables and, where it was asked, its answer as a table, brought into the holes of
/// `Schema/pages/question.html`.
package struct QuestionPage: Sendable {
    /// A page is looked at: downloads hold all.
    private static let shownRows = 1_000
    /// What is not a table is shown as it is, up to here.
    private static let shownBytes = 200_000

    private let question: SavedQuestion
    private let parameters: URLParameters
    package private(set) var values: Template.Values

    init(_ question: SavedQuestion, _ parameters: URLParameters) {
        self.question = question
        self.parameters = parameters
        var values = Template.Values()
        values.texts = [
            "name": question.name, "titleZh": question.titleChinese ?? question.name, "titleEn": question.titleEnglish ?? "",
            "description": question.description ?? "", "ids": question.rules.joined(separator: ", "),
            "givenAsOf": Self.given("asOf", parameters).joined(),
        ]
        values.lists["form"] = [Template.Values()]
        values.lists["variables"] = question.variables.map { variable in
            Template.Values(
                texts: [
                    "variable": variable.name, "about": variable.description ?? "", "type": variable.typeText,
                    "default": variable.defaultText ?? "—",
                    "value": Self.given(variable.name, parameters).first ?? "",
                ], lists: ["required": variable.isRequired ? [Template.Values()] : []])
        }
        self.values = values
        tell(question.problems)
    }

    /// Whether it can be asked with what the address gives.
    var isComplete: Bool {
        question.problems.isEmpty
            && question.variables.allSatisfy { !$0.isRequired || !Self.given($0.name, parameters).joined().isEmpty }
    }

    mutating func tell(_ problems: [String]) {
        values.lists["problems", default: []] += problems.map { Template.Values(texts: ["message": $0]) }
    }

    /// Takes the problems of an answer that holds no data, or holds it beside errors.
    mutating func tellErrors(of answer: [UInt8]) {
        struct Told: Decodable {
            struct Problem: Decodable { var message: String }
            var errors: [Problem]?
        }
        guard let told = try? JSONDecoder().decode(Told.self, from: Data(answer)) else { return }
        tell((told.errors ?? []).map(\.message))
    }

    /// Shows an answer.
    ///
    /// - Parameter shape: Nil where it is no table.
    mutating func show(_ answer: Asking.Answered, as shape: TableShape?) {
        values.lists["answered"] = [Template.Values()]
        (values.texts["version"], values.texts["asOf"]) = ("\(answer.version)", "\(answer.asOf)")
        values.texts["rowCount"] = "\(answer.rowCount)"
        guard let shape else {
            let text = String(decoding: answer.body.prefix(Self.shownBytes), as: UTF8.self)
            values.lists["json"] = [Template.Values(texts: ["text": text])]
            return
        }
        var rows: [Template.Values] = []
        var count = 0
        shape.forEachRow(of: answer.body) { cells in
            count += 1
            guard count <= Self.shownRows else { return }
            rows.append(
                Template.Values(lists: [
                    "cells": zip(cells, shape.columns).map { cell, column in
                        Template.Values(texts: ["text": Self.text(cell), "class": Self.style(column.kind)])
                    }
                ]))
        }
        values.texts["rowCount"] = "\(count)"
        values.lists["table"] = [
            Template.Values(
                texts: ["shown": "\(Self.shownRows)"],
                lists: [
                    "heads": shape.columns.map { column in
                        Template.Values(texts: [
                            "label": column.label ?? column.name, "column": column.name, "class": Self.style(column.kind),
                        ])
                    }, "rows": rows,
                    "cut": count > Self.shownRows ? [Template.Values(texts: ["shown": "\(Self.shownRows)"])] : [],
                    "downloads": downloads,
                ])
        ]
    }

    private var downloads: [Template.Values] {
        let query = parameters.pairs.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        return ([("JSON", "json", "")] + TableFormat.allCases.map { ($0.rawValue.uppercased(), $0.rawValue, "labels=zh") }).map {
            let parts = (query + [$0.2]).filter { !$0.isEmpty }
            let href = "/q/\(question.name).\($0.1)" + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
            return Template.Values(texts: ["format": $0.0, "href": href])
        }
    }

    private static func given(_ name: String, _ parameters: URLParameters) -> [String] {
        parameters.pairs.filter { $0.name == name }.map(\.value)
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: String(Unicode.Scalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    private static func style(_ kind: TableShape.Kind) -> String {
        switch kind {
        case .int, .float, .decimal: "number"
        case .boolean, .date, .dateTime, .text, .list: ""
        }
    }

    private static func text(_ cell: TableCell) -> String {
        switch cell {
        case .null: ""
        case .boolean(let value): value ? "✓" : "✗"
        case .number(let text), .text(let text): text
        case .list(let cells): cells.map(text).joined(separator: "、")
        }
    }
}

extension SavedQuestions {
    /// The list for `Schema/pages/questions.html`, by the folders that the files stand in.
    var pageValues: Template.Values {
        let byRole = Dictionary(grouping: questions) { $0.role ?? "" }
        let roles = byRole.keys.sorted().map { role in
            Template.Values(
                texts: ["role": role],
                lists: [
                    "questions": (byRole[role] ?? []).map { question in
                        Template.Values(
                            texts: [
                                "name": question.name, "titleZh": question.titleChinese ?? question.name,
                                "titleEn": question.titleEnglish ?? "",
                            ], lists: ["problems": question.problems.map { Template.Values(texts: ["message": $0]) }])
                    }
                ])
        }
        return Template.Values(lists: ["roles": roles])
    }
}
