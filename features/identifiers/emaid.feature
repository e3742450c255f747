@mutates
Feature: Identifiers: EMAID
  Whether services take an EMAID in every published spelling for the same contract, write it to vehicles in
  the one that ISO 15118 has, and refuse what is none.

  Rule: An EMAID is the same however it is written [05_handling-of-ids.md § EMAID…]

    Scenario Outline: A new contract under another spelling
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its EMAID <written>
      And the <party> lists the contract of that request under its EMAID in normal form afterwards
      Then the request is served
      And it is listed under its EMAID in normal form

      Examples:
        | requirement  | operation                     | party             | written       |
        | IDS-EMAID-01 | generateAndSignContractDataV1 | emsp              | in lower case |
        | IDS-EMAID-01 | signContractDataV1            | emsp with own pki | in lower case |
        | IDS-EMAID-01 | addSignedContractDataV1       | emsp with own pki | in lower case |
        | IDS-EMAID-02 | generateAndSignContractDataV1 | emsp              | with hyphens  |
        | IDS-EMAID-02 | signContractDataV1            | emsp with own pki | with hyphens  |
        | IDS-EMAID-02 | addSignedContractDataV1       | emsp with own pki | with hyphens  |

    Scenario Outline: A known contract under another spelling
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its EMAID <written>
      Then the request is served

      Examples:
        # table: known_emaids
        | requirement  | operation                             | party             | written       |
        | IDS-EMAID-01 | deleteSignedContractDataByEmaidV1     | emsp with own pki | in lower case |
        | IDS-EMAID-02 | deleteSignedContractDataByEmaidV1     | emsp with own pki | with hyphens  |
        | IDS-EMAID-01 | getContractDataByEmaidV1              | emsp with own pki | in lower case |
        | IDS-EMAID-02 | getContractDataByEmaidV1              | emsp with own pki | with hyphens  |
        | IDS-EMAID-01 | getSignedContractDataByEmaidAndPcidV1 | oem               | in lower case |
        | IDS-EMAID-02 | getSignedContractDataByEmaidAndPcidV1 | oem               | with hyphens  |
        | IDS-EMAID-01 | setSignedContractDataAsDefaultV1      | oem               | in lower case |
        | IDS-EMAID-02 | setSignedContractDataAsDefaultV1      | oem               | with hyphens  |

    @IDS-EMAID-02
    Scenario Outline: A known contract under an address that is encoded
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with every character of its EMAID encoded
      Then the request is served

      Examples:
        | operation                             | party             |
        | getContractDataByEmaidV1              | emsp with own pki |
        | deleteSignedContractDataByEmaidV1     | emsp with own pki |
        | getSignedContractDataByEmaidAndPcidV1 | oem               |

    @IDS-EMAID-02 @needs.receiver
    Scenario: The OEM is told of the normal form
      Given a valid request of generateAndSignContractDataV1 about something of the emsp
      And the OEM is subscribed to "oem.contract.created"
      When the emsp makes that request with its EMAID with hyphens
      And every subscriber has received something
      Then the request is served
      And every event names the EMAID of that request in normal form

  Rule: A check digit may be there [05_handling-of-ids.md § EMAID…; ERR-161]

    @IDS-EMAID-03
    Scenario Outline: A new contract with a check digit
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its EMAID <written>
      Then the request is served

      Examples:
        | operation                     | party             | written                          |
        | generateAndSignContractDataV1 | emsp              | with its check digit             |
        | generateAndSignContractDataV1 | emsp              | with hyphens and its check digit |
        | signContractDataV1            | emsp with own pki | with its check digit             |
        | signContractDataV1            | emsp with own pki | with hyphens and its check digit |
        | addSignedContractDataV1       | emsp with own pki | with its check digit             |
        | addSignedContractDataV1       | emsp with own pki | with hyphens and its check digit |

    @IDS-EMAID-04
    Scenario Outline: The same contract without the check digit
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its EMAID with its check digit
      And the <party> lists the contract of that request under its EMAID in normal form afterwards
      Then the request is served
      And it should be listed under its EMAID in normal form

      Examples:
        | operation                     | party             |
        | generateAndSignContractDataV1 | emsp              |
        | signContractDataV1            | emsp with own pki |
        | addSignedContractDataV1       | emsp with own pki |

    @IDS-EMAID-11
    Scenario: A wrong check digit
      Given a valid request of generateAndSignContractDataV1 about something of the emsp
      When the emsp makes that request with its EMAID with a wrong check digit
      Then the request is served, or refused for its check digit as ERR-161 allows

  Rule: Messages to vehicles carry it without separators [emaidParam.v1.json#/description; ERR-160]

    @IDS-EMAID-05 @IDS-EMAID-02
    Scenario Outline: The EMAID in a message of ISO 15118-2
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its EMAID <written>
      And the OEM fetches the contract of that request under its EMAID in normal form afterwards
      Then the message to the vehicle carries the EMAID in normal form

      Examples:
        | operation                     | party             | written      |
        | generateAndSignContractDataV1 | emsp              | with hyphens |
        | signContractDataV1            | emsp with own pki | with hyphens |

    @IDS-EMAID-05
    Scenario Outline: An EMAID that ISO 15118-2 cannot carry
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its EMAID longer by six characters
      Then the answer is 400

      Examples:
        | operation                     | party             |
        | generateAndSignContractDataV1 | emsp              |
        | signContractDataV1            | emsp with own pki |
        | addSignedContractDataV1       | emsp with own pki |

    @IDS-CN-01
    Scenario Outline: The name of a contract certificate
      Given a valid request of generateAndSignContractDataV1 about something of the emsp
      When the emsp makes that request with its EMAID <written>
      And the OEM fetches the contract of that request under its EMAID in normal form afterwards
      Then the contract certificate is issued to the EMAID in normal form

      Examples:
        | written       |
        | with hyphens  |
        | in lower case |

  Rule: What is no EMAID is refused [emaidParam.v1.json#/pattern]

    Scenario Outline: No EMAID
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with an EMAID <wrong>
      Then the request is refused with 400

      Examples:
        # table: wrong_emaids
        | requirement  | operation                             | party             | wrong                    |
        | IDS-EMAID-06 | signContractDataV1                    | emsp with own pki | of 13 characters         |
        | IDS-EMAID-06 | signContractDataV1                    | emsp with own pki | of 37 characters         |
        | IDS-EMAID-07 | signContractDataV1                    | emsp with own pki | that begins with a digit |
        | IDS-EMAID-10 | signContractDataV1                    | emsp with own pki | with a blank             |
        | IDS-EMAID-10 | signContractDataV1                    | emsp with own pki | with an umlaut           |
        | IDS-EMAID-10 | signContractDataV1                    | emsp with own pki | with a full-width digit  |
        | IDS-EMAID-10 | signContractDataV1                    | emsp with own pki | with a Cyrillic letter   |
        | IDS-EMAID-06 | generateAndSignContractDataV1         | emsp              | of 13 characters         |
        | IDS-EMAID-06 | generateAndSignContractDataV1         | emsp              | of 37 characters         |
        | IDS-EMAID-07 | generateAndSignContractDataV1         | emsp              | that begins with a digit |
        | IDS-EMAID-10 | generateAndSignContractDataV1         | emsp              | with a blank             |
        | IDS-EMAID-10 | generateAndSignContractDataV1         | emsp              | with an umlaut           |
        | IDS-EMAID-10 | generateAndSignContractDataV1         | emsp              | with a full-width digit  |
        | IDS-EMAID-10 | generateAndSignContractDataV1         | emsp              | with a Cyrillic letter   |
        | IDS-EMAID-06 | deleteSignedContractDataByEmaidV1     | emsp with own pki | of 13 characters         |
        | IDS-EMAID-06 | deleteSignedContractDataByEmaidV1     | emsp with own pki | of 37 characters         |
        | IDS-EMAID-07 | deleteSignedContractDataByEmaidV1     | emsp with own pki | that begins with a digit |
        | IDS-EMAID-10 | deleteSignedContractDataByEmaidV1     | emsp with own pki | with a blank             |
        | IDS-EMAID-10 | deleteSignedContractDataByEmaidV1     | emsp with own pki | with an umlaut           |
        | IDS-EMAID-10 | deleteSignedContractDataByEmaidV1     | emsp with own pki | with a full-width digit  |
        | IDS-EMAID-10 | deleteSignedContractDataByEmaidV1     | emsp with own pki | with a Cyrillic letter   |
        | IDS-EMAID-06 | getContractDataByEmaidV1              | emsp with own pki | of 13 characters         |
        | IDS-EMAID-06 | getContractDataByEmaidV1              | emsp with own pki | of 37 characters         |
        | IDS-EMAID-07 | getContractDataByEmaidV1              | emsp with own pki | that begins with a digit |
        | IDS-EMAID-10 | getContractDataByEmaidV1              | emsp with own pki | with a blank             |
        | IDS-EMAID-10 | getContractDataByEmaidV1              | emsp with own pki | with an umlaut           |
        | IDS-EMAID-10 | getContractDataByEmaidV1              | emsp with own pki | with a full-width digit  |
        | IDS-EMAID-10 | getContractDataByEmaidV1              | emsp with own pki | with a Cyrillic letter   |
        | IDS-EMAID-06 | getSignedContractDataByEmaidAndPcidV1 | oem               | of 13 characters         |
        | IDS-EMAID-06 | getSignedContractDataByEmaidAndPcidV1 | oem               | of 37 characters         |
        | IDS-EMAID-07 | getSignedContractDataByEmaidAndPcidV1 | oem               | that begins with a digit |
        | IDS-EMAID-10 | getSignedContractDataByEmaidAndPcidV1 | oem               | with a blank             |
        | IDS-EMAID-10 | getSignedContractDataByEmaidAndPcidV1 | oem               | with an umlaut           |
        | IDS-EMAID-10 | getSignedContractDataByEmaidAndPcidV1 | oem               | with a full-width digit  |
        | IDS-EMAID-10 | getSignedContractDataByEmaidAndPcidV1 | oem               | with a Cyrillic letter   |
        | IDS-EMAID-06 | addSignedContractDataV1               | emsp with own pki | of 13 characters         |
        | IDS-EMAID-06 | addSignedContractDataV1               | emsp with own pki | of 37 characters         |
        | IDS-EMAID-07 | addSignedContractDataV1               | emsp with own pki | that begins with a digit |
        | IDS-EMAID-10 | addSignedContractDataV1               | emsp with own pki | with a blank             |
        | IDS-EMAID-10 | addSignedContractDataV1               | emsp with own pki | with an umlaut           |
        | IDS-EMAID-10 | addSignedContractDataV1               | emsp with own pki | with a full-width digit  |
        | IDS-EMAID-10 | addSignedContractDataV1               | emsp with own pki | with a Cyrillic letter   |
        | IDS-EMAID-06 | setSignedContractDataAsDefaultV1      | oem               | of 13 characters         |
        | IDS-EMAID-06 | setSignedContractDataAsDefaultV1      | oem               | of 37 characters         |
        | IDS-EMAID-07 | setSignedContractDataAsDefaultV1      | oem               | that begins with a digit |
        | IDS-EMAID-10 | setSignedContractDataAsDefaultV1      | oem               | with a blank             |
        | IDS-EMAID-10 | setSignedContractDataAsDefaultV1      | oem               | with an umlaut           |
        | IDS-EMAID-10 | setSignedContractDataAsDefaultV1      | oem               | with a full-width digit  |
        | IDS-EMAID-10 | setSignedContractDataAsDefaultV1      | oem               | with a Cyrillic letter   |

  Rule: Where API and documentation disagree, services agree among each other [emaidParam.v1.json#/pattern; ERR-160; ERR-163]

    @IDS-EMAID-09
    Scenario: One hyphen alone
      Given a valid request of generateAndSignContractDataV1 about something of the emsp
      When the emsp makes that request with its EMAID with one hyphen alone
      And the emsp lists the contract of that request under its EMAID with one hyphen alone afterwards
      Then the request is refused with 400, or the contract is found in either way

    @IDS-EMAID-08
    Scenario: A longer EMAID for ISO 15118-20
      Given a valid request of generateAndSignContractDataV1 in ISO 15118-20 about something of the emsp
      When the emsp makes that request with its EMAID longer by six characters
      Then the request is served, or refused as ERR-160 allows
