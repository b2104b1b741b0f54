import Model
import StoreColumns

/// `data/README.txt`: what an archive is, for somebody who has nothing but the folder.
enum ArchiveText {
    static func text(_ terms: ArchiveTerms, rowCount: Int, contentDigest: String) -> [UInt8] {
        let version = terms.version
        let question =
            terms.answer.map { answer in
                """

                data/question/   a question that was asked of these rows, and its answer
                    document.graphql   the question, in the GraphQL query language\(answer.name.map { " (saved as \($0))" } ?? "")
                    variables.json     the values of its variables
                    request.json       the date for which it was asked, and parameters that were given with it
                    answer.json        the answer, byte by byte as it was given
                """
            } ?? ""
        let masked =
            terms.model.masking.map { masking in
                """


                THE ROWS ARE MASKED / 数据已脱敏

                It was written for the masking profile \(masking.profile): the rows, columns and values are those that the role \(masking.role)
                sees\(masking.claims.isEmpty ? "" : ", of whom is known: " + masking.claims.joined(separator: "; ")). What it does not see is not there; \
                of some values only a part is, with asterisks in place of
                the rest, or a year, a band or a class in place of the value, as text. Nothing here tells what was hidden. The rules have
                the SHA-256 \(masking.rules).
                data/model is a model of this part: fields that are computed are in it where they follow from what is.
                """
            } ?? ""
        return Array(
            """
            A REGISTER AT ONE MOMENT / 登记数据存档

            This folder is an archive of a register: \(terms.model.masking == nil ? "all its" : "its") rows as they stood at version \(version.number), which was published at
            \(version.publishedAt). It is a BagIt bag (RFC 8493), and holds nothing but text in UTF-8. No program of ours is needed
            to read it. 本文件夹是登记数据在某一版本时的\(terms.model.masking == nil ? "完整" : "")存档，全部为 UTF-8 文本，无需专用软件即可阅读。\(masked)

            IS IT WHOLE?

            In the folder above this one:
                sha256sum -c manifest-sha256.txt       every file of data/
                sha256sum -c tagmanifest-sha256.txt    the files beside data/
            Every line must end with OK. If there is a file tagmanifest-sha256.txt.sig, the archive is signed with Ed25519; with the
            public key of whoever keeps the register (a PEM file, from elsewhere than this folder):
                openssl pkeyutl -verify -pubin -inkey PUBLIC.pem -rawin \\
                    -in tagmanifest-sha256.txt -sigfile tagmanifest-sha256.txt.sig

            WHAT IS IN IT

            bag-info.txt     version, dates, digests; the masking profile says what was left out (INTERNAL: nothing)
            data/rows/       \(rowCount) rows, a CSV file (RFC 4180) for each type that has any
            data/columns.csv what each column means: its type and name, its Chinese label, what it holds, at which place it
                             stands in the type's key, whether it may be empty, whether it tells of a person
                             (PII: personal, SPI: sensitive), and an explanation
            data/values.csv  the closed lists of values, with their Chinese labels
            data/parameters.csv  the thresholds and other parameters that were in force on \(terms.asOf), and where each came from:
                             a row of data/rows, the model, or the request. Without a profile: the one that counted; with
                             one: what would have counted for that variant
            data/model/      the model: the same again, exactly, with all rules, as GraphQL schema definition language\(question)

            HOW THE ROWS ARE WRITTEN

            The first line of a file holds the names of its columns. Lines end with LF. A cell with a comma, a quote or a line end in it
            stands in double quotes, and a quote inside is written twice. A column that has no value in any row is left out.
                no value        an empty cell; "" (two quotes) is an empty text
                Boolean         true, false
                Int, Decimal    digits, exactly
                Date            2016-12-31
                DateTime        2016-12-31T08:00:00Z, in UTC
                value           a name from data/values.csv
                key             the key of the row that is meant: the values of its key columns, joined by |
                list            its elements, parted by ;  ([] is the empty list)
            A \\ takes the meaning from the character behind it: from | and \\ in a key of several parts, and in a list also from the
            characters that part its elements. Rows stand in the order of the bytes of their keys.
            Nothing was rounded, shortened or protected against spreadsheets: a cell that begins with = is a text, not a formula.

            THE DIGEST OF THE CONTENT

                cd data; LC_ALL=C sha256sum model/* rows/* | sha256sum
            gives \(contentDigest), the Content-SHA256 of bag-info.txt: the same rows under the
            same model have the same digest, whoever wrote them and whenever.

            """.utf8)
    }
}
