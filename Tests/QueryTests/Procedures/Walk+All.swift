extension Walk {
    /// A complete way through every procedure of cases.
    static let all: [Walk] = [
        identificationD3(), identificationD0(), returned(), exitD3(), exitD0(), village("d0"), village("d1"), village("d3"),
        correction(),
    ]

    static func identificationD3() -> Walk {
        Walk(
            procedure: "identification-d3", type: "IDENTIFICATION", profile: "D3", subject: ("subjectHousehold", "h"),
            before: register(status: nil, income: 1_000, guarantees: false), steps: identificationStepsD3)
    }

    private static let identificationStepsD3: [WalkStep] = [
        WalkStep("1", "APPLIED", ["HOUSEHOLD"], "2020-03-02", evidence: ["APPLICATION_SIGNED_FINGERPRINT"], action: "APPLY"),
        WalkStep(
            "2a", "GROUP_APPRAISED", ["VILLAGER_GROUP"], "2020-03-04", evidence: ["MINUTES"], action: "APPRAISE",
            with: [appraisal("GROUP", "2020-03-04")]),
        WalkStep(
            "2b", "GROUP_NOTICE", ["VILLAGER_GROUP"], "2020-03-05", evidence: ["NOTICE_PHOTO"], action: "POST_NOTICE",
            with: [notice("GROUP", 1, "2020-03-05", "2020-03-12")]),
        WalkStep("2c", "GROUP_CLEARED", ["VILLAGER_GROUP"], "2020-03-13", action: "CLOSE_NOTICE"),
        WalkStep(
            "3", "SURVEYED", ["VILLAGE_GROUP_CADRES", "RESIDENT_CADRES"], "2020-03-16",
            evidence: ["SURVEY_FORM", "INCOME_STATEMENT"], action: "SURVEY"),
        WalkStep(
            "4a", "VILLAGE_APPRAISED", ["VILLAGE_ASSEMBLY"], "2020-03-18", evidence: ["MINUTES"], action: "APPRAISE",
            with: [appraisal("VILLAGE_REPRESENTATIVES", "2020-03-18")]),
        WalkStep(
            "4b", "VILLAGE_NOTICE", ["VILLAGE_COMMITTEE"], "2020-03-19", evidence: ["NOTICE_PHOTO"], action: "POST_NOTICE",
            with: [notice("VILLAGE", 2, "2020-03-19", "2020-03-26")]),
        WalkStep("4c", "VILLAGE_CLEARED", ["VILLAGE_COMMITTEE"], "2020-03-27", action: "CLOSE_NOTICE"),
        WalkStep("5", "TOWN_REVIEWED", ["TOWN"], "2020-03-30", evidence: ["TOWN_REVIEW_OPINION"]),
        WalkStep(
            "6", "COUNTY_COMPARED", ["COUNTY_OFFICE", "DEPARTMENTS"], "2020-04-02", evidence: ["COMPARISON_REPORT"],
            action: "COMPARE", with: [comparison("2020-04-01")]),
        WalkStep("7", "DATA_CLEANED", ["COUNTY_OFFICE"], "2020-04-03", action: "CLEAN"),
        WalkStep(
            "8", "ANNOUNCED", ["COUNTY_OFFICE"], "2020-04-06", action: "ANNOUNCE", with: [announcement("2020-04-06")]),
    ]

    static func returned() -> Walk {
        Walk(
            procedure: "identification-d3", type: "RETURN", profile: "D3", subject: ("subjectHousehold", "h"),
            before: register(status: "EXITED", income: 1_000, guarantees: false), steps: identificationStepsD3)
    }

    static func identificationD0() -> Walk {
        Walk(
            procedure: "identification-d0", type: "IDENTIFICATION", profile: "D0", subject: ("subjectHousehold", "h"),
            before: register(status: nil, income: 1_000, guarantees: false),
            steps: [
                WalkStep(
                    "1", "APPLIED", ["HOUSEHOLD"], "2020-03-02", evidence: ["APPLICATION_SIGNED_FINGERPRINT"], action: "APPLY"),
                WalkStep(
                    "2", "VILLAGE_APPRAISED", ["VILLAGE_ASSEMBLY"], "2020-03-04", evidence: ["MINUTES"], action: "APPRAISE",
                    with: [appraisal("VILLAGE_REPRESENTATIVES", "2020-03-04")]),
                WalkStep("3a", "SURVEYED", ["VILLAGE_COMMITTEE"], "2020-03-05", evidence: ["SURVEY_FORM"], action: "SURVEY"),
                WalkStep(
                    "3b", "VILLAGE_NOTICE", ["VILLAGE_COMMITTEE"], "2020-03-06", evidence: ["NOTICE_PHOTO"],
                    action: "POST_NOTICE", with: [notice("VILLAGE", 1, "2020-03-06", "2020-03-13")]),
                WalkStep("3c", "VILLAGE_CLEARED", ["VILLAGE_COMMITTEE"], "2020-03-14", action: "CLOSE_NOTICE"),
                WalkStep("4a", "TOWN_REVIEWED", ["TOWN"], "2020-03-16", evidence: ["TOWN_REVIEW_OPINION"]),
                WalkStep(
                    "4b", "TOWN_NOTICE", ["TOWN"], "2020-03-17", evidence: ["NOTICE_PHOTO"], action: "POST_NOTICE",
                    with: [notice("TOWN", 2, "2020-03-17", "2020-03-24")]),
                WalkStep("4c", "TOWN_CLEARED", ["TOWN"], "2020-03-25", action: "CLOSE_NOTICE"),
                WalkStep(
                    "5a", "COUNTY_COMPARED", ["COUNTY_OFFICE", "DEPARTMENTS"], "2020-03-30", evidence: ["COMPARISON_REPORT"],
                    action: "COMPARE", with: [comparison("2020-03-28")]),
                WalkStep(
                    "5b", "ANNOUNCED", ["COUNTY_OFFICE"], "2020-04-01", action: "ANNOUNCE", with: [announcement("2020-04-01")]),
            ])
    }

    static func exitD3() -> Walk {
        Walk(
            procedure: "exit-d3", type: "HOUSEHOLD_EXIT", profile: "D3", subject: ("subjectHousehold", "h"),
            before: register(status: "POOR", income: 9_000, guarantees: true),
            steps: [
                WalkStep("1a", "NOMINATED", ["VILLAGER_GROUP"], "2020-05-04", evidence: ["SURVEY_FORM"], action: "SURVEY"),
                WalkStep(
                    "1b", "GROUP_NOTICE", ["VILLAGER_GROUP"], "2020-05-05", evidence: ["NOTICE_PHOTO"], action: "POST_NOTICE",
                    with: [notice("GROUP", 1, "2020-05-05", "2020-05-12")]),
                WalkStep("1c", "GROUP_CLEARED", ["VILLAGER_GROUP"], "2020-05-13", action: "CLOSE_NOTICE"),
                WalkStep(
                    "2", "VERIFIED", ["VILLAGE_GROUP_CADRES", "RESIDENT_CADRES"], "2020-05-14",
                    evidence: ["SURVEY_FORM", "INCOME_STATEMENT"], action: "VERIFY"),
                WalkStep(
                    "3", "HOUSEHOLD_AGREED", ["HOUSEHOLD"], "2020-05-15", evidence: ["HOUSEHOLD_SIGNATURE"], action: "AGREE"),
                WalkStep(
                    "4a", "VILLAGE_APPRAISED", ["VILLAGE_ASSEMBLY"], "2020-05-18", evidence: ["MINUTES"], action: "APPRAISE",
                    with: [appraisal("VILLAGE_REPRESENTATIVES", "2020-05-18")]),
                WalkStep(
                    "4b", "VILLAGE_NOTICE", ["VILLAGE_COMMITTEE"], "2020-05-19", evidence: ["NOTICE_PHOTO"],
                    action: "POST_NOTICE", with: [notice("VILLAGE", 2, "2020-05-19", "2020-05-26")]),
                WalkStep("4c", "VILLAGE_CLEARED", ["VILLAGE_COMMITTEE"], "2020-05-27", action: "CLOSE_NOTICE"),
                WalkStep("5", "TOWN_REVIEWED", ["TOWN"], "2020-05-29", evidence: ["TOWN_REVIEW_OPINION"]),
                WalkStep(
                    "6", "COUNTY_SAMPLED", ["COUNTY_OFFICE"], "2020-06-02", action: "SAMPLE", with: [inspection("2020-06-01")]),
                WalkStep(
                    "7", "ANNOUNCED", ["COUNTY_OFFICE"], "2020-06-05", action: "ANNOUNCE", with: [announcement("2020-06-05")]),
            ])
    }

    static func exitD0() -> Walk {
        Walk(
            procedure: "exit-d0", type: "HOUSEHOLD_EXIT", profile: "D0", subject: ("subjectHousehold", "h"),
            before: register(status: "POOR", income: 9_000, guarantees: true),
            steps: [
                WalkStep("1", "NOMINATED", ["VILLAGE_COMMITTEE"], "2020-05-04", action: "APPLY"),
                WalkStep(
                    "2", "HOUSEHOLD_AGREED", ["VILLAGE_ASSEMBLY", "HOUSEHOLD"], "2020-05-06",
                    evidence: ["MINUTES", "HOUSEHOLD_SIGNATURE"], action: "AGREE",
                    with: [appraisal("VILLAGE_REPRESENTATIVES", "2020-05-06")]),
                WalkStep(
                    "3a", "VERIFIED", ["VILLAGE_COMMITTEE"], "2020-05-07", evidence: ["SURVEY_FORM", "INCOME_STATEMENT"],
                    action: "VERIFY"),
                WalkStep(
                    "3b", "VILLAGE_NOTICE", ["VILLAGE_COMMITTEE"], "2020-05-08", evidence: ["NOTICE_PHOTO"],
                    action: "POST_NOTICE", with: [notice("VILLAGE", 1, "2020-05-08", "2020-05-15")]),
                WalkStep("3c", "VILLAGE_CLEARED", ["VILLAGE_COMMITTEE"], "2020-05-16", action: "CLOSE_NOTICE"),
                WalkStep("4a", "TOWN_REVIEWED", ["TOWN"], "2020-05-18", evidence: ["SURVEY_FORM"]),
                WalkStep(
                    "4b", "TOWN_NOTICE", ["TOWN"], "2020-05-19", evidence: ["NOTICE_PHOTO"], action: "POST_NOTICE",
                    with: [notice("TOWN", 2, "2020-05-19", "2020-05-26")]),
                WalkStep("4c", "TOWN_CLEARED", ["TOWN"], "2020-05-27", action: "CLOSE_NOTICE"),
                WalkStep("5a", "COUNTY_REVIEWED", ["COUNTY_OFFICE"], "2020-06-02", with: [comparison("2020-06-01")]),
                WalkStep(
                    "5b", "ANNOUNCED", ["COUNTY_OFFICE"], "2020-06-05", action: "ANNOUNCE", with: [announcement("2020-06-05")]),
                WalkStep(
                    "6", "REPLIED", ["TOWN_COUNTY_REPLY"], "2020-06-10", evidence: ["COUNTY_REPLY", "COUNTY_REPLY"],
                    action: "REPLY"),
            ])
    }

    static func village(_ variant: String) -> Walk {
        var before = register(status: variant == "d1" ? "EXITED" : nil, income: 9_000, guarantees: true)
        let items = [
            "LEADING_INDUSTRY", "COLLECTIVE_INCOME", "SERVICE_CENTRE", "SCHOOL_HEALTH_CULTURE", "PAVED_ROAD",
            "HOUSEHOLD_SAFE_WATER", "SAFE_GRID", "BROADCAST_TELECOM_FIBRE", "CLEAN_ENERGY",
        ]
        before += items.map { item in
            WalkRow(
                "ChecklistAssessment",
                [
                    "village": .text("v"), "scheme": .text("NINE_HAVE"), "item": .text(item), "assessedOn": .text("2020-02-01"),
                    "met": .truth(true),
                ])
        }
        return Walk(
            procedure: "village-exit-\(variant)", type: "VILLAGE_EXIT", profile: variant.uppercased(),
            subject: ("subjectVillage", "v"), before: before,
            steps: [
                WalkStep("1", "CANDIDATE", ["TOWN"], "2020-06-01", action: "APPLY"),
                WalkStep("2", "VERIFIED", ["TOWN", "RESIDENT_CADRES"], "2020-06-08", action: "VERIFY"),
                WalkStep(
                    "3a", "TOWN_NOTICE", ["TOWN"], "2020-06-09", evidence: ["NOTICE_PHOTO"], action: "POST_NOTICE",
                    with: [notice("TOWN", 1, "2020-06-09", "2020-06-16")]),
                WalkStep("3b", "CLEARED", ["TOWN"], "2020-06-17", action: "CLOSE_NOTICE"),
                WalkStep("4", "COUNTY_REVIEWED", ["COUNTY_OFFICE"], "2020-06-22"),
                WalkStep(
                    "5", "ANNOUNCED", ["COUNTY_GOVERNMENT"], "2020-06-29", action: "ANNOUNCE",
                    with: [announcement("2020-06-29")]),
            ])
    }

    static func correction() -> Walk {
        Walk(
            procedure: "correction", type: "CORRECTION", profile: "D3", subject: ("subjectHousehold", "h"),
            before: register(status: "POOR", income: 1_000, guarantees: nil),
            steps: [
                WalkStep("1", "APPLIED", ["VILLAGE_COMMITTEE"], "2020-07-01", action: "APPLY"),
                WalkStep("2", "VILLAGE_CONFIRMED", ["VILLAGE_COMMITTEE"], "2020-07-02"),
                WalkStep("3", "TOWN_REVIEWED", ["TOWN"], "2020-07-03", evidence: ["TOWN_REVIEW_OPINION"]),
                WalkStep("4", "COUNTY_APPROVED", ["COUNTY_OFFICE"], "2020-07-06"),
            ])
    }
}
