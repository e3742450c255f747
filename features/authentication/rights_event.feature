@mutates
Feature: Authentication: rights at the Event Service
  Whether each operation of the Event Service serves every role, and refuses whoever does not authenticate.

  Rule: A party that has the right is served [04_authentication.md § Roles&Rights]

    Scenario Outline: A party with the right
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served

      Examples:
        # table: granted of event
        | requirement                                    | operation             | party             |
        | AUTH-ROLE-EVENT-Getallendpoints-OEM            | get-webhook-endpoints | oem               |
        | AUTH-ROLE-EVENT-Getallendpoints-CPO            | get-webhook-endpoints | cpo               |
        | AUTH-ROLE-EVENT-Getallendpoints-EMSP-OWNPKI    | get-webhook-endpoints | emsp with own pki |
        | AUTH-ROLE-EVENT-Getallendpoints-EMSP-V2GPKI    | get-webhook-endpoints | emsp              |
        | AUTH-ROLE-EVENT-Getallendpoints-CPS            | get-webhook-endpoints | cps               |
        | AUTH-ROLE-EVENT-GetEndpointById-OEM            | getEndpointByIdV1     | oem               |
        | AUTH-ROLE-EVENT-GetEndpointById-CPO            | getEndpointByIdV1     | cpo               |
        | AUTH-ROLE-EVENT-GetEndpointById-EMSP-OWNPKI    | getEndpointByIdV1     | emsp with own pki |
        | AUTH-ROLE-EVENT-GetEndpointById-EMSP-V2GPKI    | getEndpointByIdV1     | emsp              |
        | AUTH-ROLE-EVENT-GetEndpointById-CPS            | getEndpointByIdV1     | cps               |
        | AUTH-ROLE-EVENT-PostEndpoint-OEM               | postEndpointV1        | oem               |
        | AUTH-ROLE-EVENT-PostEndpoint-CPO               | postEndpointV1        | cpo               |
        | AUTH-ROLE-EVENT-PostEndpoint-EMSP-OWNPKI       | postEndpointV1        | emsp with own pki |
        | AUTH-ROLE-EVENT-PostEndpoint-EMSP-V2GPKI       | postEndpointV1        | emsp              |
        | AUTH-ROLE-EVENT-PostEndpoint-CPS               | postEndpointV1        | cps               |
        | AUTH-ROLE-EVENT-UpdateEndpointById-OEM         | updateEndpointByIdV1  | oem               |
        | AUTH-ROLE-EVENT-UpdateEndpointById-CPO         | updateEndpointByIdV1  | cpo               |
        | AUTH-ROLE-EVENT-UpdateEndpointById-EMSP-OWNPKI | updateEndpointByIdV1  | emsp with own pki |
        | AUTH-ROLE-EVENT-UpdateEndpointById-EMSP-V2GPKI | updateEndpointByIdV1  | emsp              |
        | AUTH-ROLE-EVENT-UpdateEndpointById-CPS         | updateEndpointByIdV1  | cps               |
        | AUTH-ROLE-EVENT-DeleteEndpointById-OEM         | deleteEndpointByIdV1  | oem               |
        | AUTH-ROLE-EVENT-DeleteEndpointById-CPO         | deleteEndpointByIdV1  | cpo               |
        | AUTH-ROLE-EVENT-DeleteEndpointById-EMSP-OWNPKI | deleteEndpointByIdV1  | emsp with own pki |
        | AUTH-ROLE-EVENT-DeleteEndpointById-EMSP-V2GPKI | deleteEndpointByIdV1  | emsp              |
        | AUTH-ROLE-EVENT-DeleteEndpointById-CPS         | deleteEndpointByIdV1  | cps               |

  Rule: Whoever does not authenticate is refused, and nothing happens [04_authentication.md § Authentication]

    Scenario Outline: Without credentials
      Given a valid request of <operation>
      And the state of its service
      When somebody without credentials makes that request
      And the service is looked at again
      Then the answer is 401
      And its state is unchanged

      Examples:
        # table: anonymous of event
        | requirement                       | operation             |
        | AUTH-401-EVENT-postEndpoint       | postEndpointV1        |
        | AUTH-401-EVENT-listEndpoints      | get-webhook-endpoints |
        | AUTH-401-EVENT-getEndpointById    | getEndpointByIdV1     |
        | AUTH-401-EVENT-updateEndpointById | updateEndpointByIdV1  |
        | AUTH-401-EVENT-deleteEndpointById | deleteEndpointByIdV1  |
