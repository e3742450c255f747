Feature: Listing root certificates

  Rule: The pool offers all its valid roots to every party

    @RCP-LIST-01
    Scenario: Every root the target declares is in the list
      When the oem lists the root certificates
      Then the list holds every root the target declares
