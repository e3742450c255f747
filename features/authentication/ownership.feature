@mutates
Feature: What is somebody's own

  Rule: An OEM deals with the vehicles of its WMIs, and with its own subscriptions

    @AUTH-OWN-01
    Scenario Outline: Something of another OEM
      Given a valid request of <operation> about something of the <owner>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then it is withheld
      And its state is unchanged

      Examples:
        | operation                       | owner     | party     |
        | addProvisioningCertificateV1    | oem       | other oem |
        | getProvisioningCertificateV1    | oem       | other oem |
        | deleteProvisioningCertificateV1 | oem       | other oem |
        | lookupVehicleV1                 | oem       | other oem |
        | addProvisioningCertificateV1    | other oem | oem       |
        | deleteProvisioningCertificateV1 | other oem | oem       |
        | getEndpointByIdV1               | oem       | other oem |
        | updateEndpointByIdV1            | oem       | other oem |
        | deleteEndpointByIdV1            | oem       | other oem |

  Rule: Whoever acts for several ids has the rights on all of them

    @AUTH-OWN-05
    Scenario Outline: Any of an account's ids
      Given a valid request of <operation> about something of the <party> under its <which> id
      When the <party> makes that request
      Then the request is served

      Examples:
        | operation                       | party | which  |
        | addProvisioningCertificateV1    | oem   | first  |
        | addProvisioningCertificateV1    | oem   | second |
        | deleteProvisioningCertificateV1 | oem   | second |

  Rule: A request that is refused has no effect

    @AUTH-OWN-06
    Scenario Outline: What is refused is not done
      Given a valid request of <operation> about something of the <owner>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then the request is refused
      And its state is unchanged

      Examples:
        # table: refused_writes
        | operation                         | owner             | party                   |
        | addProvisioningCertificateV1      | oem               | other oem               |
        | deleteProvisioningCertificateV1   | oem               | other oem               |
        | signContractDataV1                | emsp with own pki | other emsp with own pki |
        | generateAndSignContractDataV1     | emsp              | other emsp              |
        | deleteSignedContractDataByEmaidV1 | emsp with own pki | other emsp with own pki |
        | addSignedContractDataV1           | emsp with own pki | other emsp with own pki |
        | setSignedContractDataAsDefaultV1  | oem               | other oem               |
        | simpleEnrollCertV1 for oem        | oem               | other oem               |
        | simpleEnrollCertV1 for cpo        | cpo               | other cpo               |
        | simpleEnrollCertV1 for emsp       | emsp              | other emsp              |
        | simpleEnrollCertV1 for veh        | oem               | other oem               |
        | revokeCertV1                      | oem               | other oem               |
        | updateEndpointByIdV1              | oem               | other oem               |
        | deleteEndpointByIdV1              | oem               | other oem               |

      @needs.admin
      Examples: Operations of the administrator
        # table: refused_writes_of_administrator
        | operation               | owner         | party |
        | deleteRootCertificateV1 | administrator | oem   |
        | putRootCertificateV1    | administrator | oem   |

    @AUTH-OWN-06 @needs.admin @needs.receiver
    Scenario Outline: Nobody is told of what is refused
      Given a valid request of <operation> about something of the <owner>
      And parties of every role are subscribed to the events about roots
      When the <party> makes that request
      And the events have had time to arrive
      Then the request is refused
      And nobody has been told anything about it

      Examples:
        | operation               | owner         | party |
        | putRootCertificateV1    | administrator | oem   |
        | deleteRootCertificateV1 | administrator | oem   |
