@mutates
Feature: Identifiers: EVSE ID (simpleEnrollCertV1)
  Whether SECC certificates are issued for an EVSE ID with and without separators, and for nothing else.

  Rule: Separators are a choice [05_handling-of-ids.md § EVSE ID…]

    @IDS-EVSE-01 @IDS-EVSE-02
    Scenario Outline: An EVSE id in either form
      Given a request for a certificate of the domain cpo <form>
      When the CPO sends that request
      Then the certificate issued is issued to the common name asked for

      Examples:
        | form                               |
        | with an EVSE id with separators    |
        | with an EVSE id without separators |
        | with one character behind the E    |
        | with 30 characters behind the E    |

  Rule: What is no EVSE id gets no certificate [05_handling-of-ids.md § EVSE ID…]

    @IDS-EVSE-03
    Scenario Outline: No EVSE id
      Given a request for a certificate of the domain cpo <flaw>
      When the CPO sends that request
      Then the request is refused for its content

      Examples:
        | flaw                              |
        | with an EVSE id of another type   |
        | with an EVSE id without an outlet |
        | with 32 characters behind the E   |
        | with an EVSE id with a blank      |
