@mutates
Feature: Interface: requests to the Event Service with one flaw
  Whether the operations on endpoints refuse a request in which one member, parameter or header is missing
  or wrong.

  Rule: What must be there is refused where it is not right [postEndpointReq.v1.json#/required; putEndpointUpdateReq.v1.json#/required]

    Scenario Outline: A flaw in what must be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request is refused with 400

      Examples:
        # table: flaws_refused of event
        | requirement   | operation            | party | place                     | flaw                   |
        | EVT-POST-07   | postEndpointV1       | oem   | enabledEvents             | missing                |
        | SYS-SCHEMA-01 | postEndpointV1       | oem   | enabledEvents             | null                   |
        | SYS-SCHEMA-01 | postEndpointV1       | oem   | enabledEvents             | a number               |
        | EVT-POST-08   | postEndpointV1       | oem   | an entry of enabledEvents | a number               |
        | EVT-POST-08   | postEndpointV1       | oem   | an entry of enabledEvents | outside the vocabulary |
        | EVT-POST-06   | postEndpointV1       | oem   | url                       | missing                |
        | EVT-POST-09   | postEndpointV1       | oem   | url                       | null                   |
        | EVT-POST-09   | postEndpointV1       | oem   | url                       | a number               |
        | EVT-POST-09   | postEndpointV1       | oem   | url                       | empty                  |
        | EVT-POST-09   | postEndpointV1       | oem   | url                       | of another form        |
        | EVT-PUT-05    | updateEndpointByIdV1 | oem   | url                       | missing                |
        | SYS-SCHEMA-01 | updateEndpointByIdV1 | oem   | url                       | null                   |
        | SYS-SCHEMA-01 | updateEndpointByIdV1 | oem   | url                       | a number               |
        | SYS-SCHEMA-01 | updateEndpointByIdV1 | oem   | url                       | empty                  |
        | SYS-SCHEMA-01 | updateEndpointByIdV1 | oem   | url                       | of another form        |

  Rule: What need not be there is refused as well where it is not right [components/schemas; components/parameters]

    Scenario Outline: A flaw in what need not be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request should be refused with 400

      Examples:
        # table: flaws_noted of event
        | requirement   | operation            | party | place                     | flaw                   |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | apiVersion                | null                   |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | apiVersion                | a number               |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | description               | null                   |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | description               | a number               |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | wmi                       | null                   |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | wmi                       | a number               |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | metadata                  | null                   |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | metadata                  | a text                 |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | status                    | null                   |
        | SYS-SCHEMA-02 | postEndpointV1       | oem   | status                    | a number               |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | apiVersion                | null                   |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | apiVersion                | a number               |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | description               | null                   |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | description               | a number               |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | enabledEvents             | null                   |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | enabledEvents             | a number               |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | an entry of enabledEvents | a number               |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | an entry of enabledEvents | outside the vocabulary |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | metadata                  | null                   |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | metadata                  | a text                 |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | status                    | null                   |
        | SYS-SCHEMA-02 | updateEndpointByIdV1 | oem   | status                    | a number               |
