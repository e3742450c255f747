@mutates
Feature: Authentication: what is a party's own
  Whether the rights of a party end at its own ids (WMIs, provider ids, operator ids) and its own
  subscriptions, in every spelling, and whether a refused request leaves everything as it was.

  Rule: A party deals with what bears its own ids, and with its own subscriptions [04_authentication.md § OEM, § eMSP, § CPO]

    Scenario Outline: Something of somebody else
      Given a valid request of <operation> about something of the <owner>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then it is withheld
      And its state is unchanged

      Examples:
        # table: foreign_objects
        | requirement | operation                             | owner | party             |
        | AUTH-OWN-01 | addProvisioningCertificateV1          | oem   | other oem         |
        | AUTH-OWN-01 | deleteProvisioningCertificateV1       | oem   | other oem         |
        | AUTH-OWN-01 | getProvisioningCertificateV1          | oem   | other oem         |
        | AUTH-OWN-01 | lookupVehicleV1                       | oem   | other oem         |
        | AUTH-OWN-02 | signContractDataV1                    | emsp  | emsp with own pki |
        | AUTH-OWN-02 | generateAndSignContractDataV1         | emsp  | other emsp        |
        | AUTH-OWN-02 | deleteSignedContractDataByEmaidV1     | emsp  | other emsp        |
        | AUTH-OWN-02 | getContractDataByEmaidV1              | emsp  | other emsp        |
        | AUTH-OWN-01 | getContractDataByPcidV1               | oem   | other oem         |
        | AUTH-OWN-01 | getSignedContractDataByEmaidAndPcidV1 | oem   | other oem         |
        | AUTH-OWN-02 | addSignedContractDataV1               | emsp  | emsp with own pki |
        | AUTH-OWN-01 | setSignedContractDataAsDefaultV1      | oem   | other oem         |
        | AUTH-OWN-01 | simpleEnrollCertV1 for oem            | oem   | other oem         |
        | AUTH-OWN-03 | simpleEnrollCertV1 for cpo            | cpo   | other cpo         |
        | AUTH-OWN-02 | simpleEnrollCertV1 for emsp           | emsp  | other emsp        |
        | AUTH-OWN-01 | simpleEnrollCertV1 for veh            | oem   | other oem         |
        | AUTH-OWN-01 | revokeCertV1                          | oem   | other oem         |
        | AUTH-OWN-01 | getEndpointByIdV1                     | oem   | other oem         |
        | AUTH-OWN-02 | getEndpointByIdV1                     | emsp  | other emsp        |
        | AUTH-OWN-01 | updateEndpointByIdV1                  | oem   | other oem         |
        | AUTH-OWN-02 | updateEndpointByIdV1                  | emsp  | other emsp        |
        | AUTH-OWN-01 | deleteEndpointByIdV1                  | oem   | other oem         |
        | AUTH-OWN-02 | deleteEndpointByIdV1                  | emsp  | other emsp        |

    @AUTH-OWN-02
    Scenario Outline: A contract of somebody else under another spelling
      Given a valid request of <operation> about something of the <owner>
      And the state of its service
      When the <party> makes that request with its EMAID <written>
      And the service is looked at again
      Then it is withheld
      And its state is unchanged

      Examples:
        | operation                         | owner | party      | written       |
        | getContractDataByEmaidV1          | emsp  | other emsp | with hyphens  |
        | deleteSignedContractDataByEmaidV1 | emsp  | other emsp | with hyphens  |
        | deleteSignedContractDataByEmaidV1 | emsp  | other emsp | in lower case |
        | generateAndSignContractDataV1     | emsp  | other emsp | with hyphens  |

    @AUTH-OWN-01
    Scenario Outline: A vehicle of somebody else under another spelling
      Given a valid request of <operation> about something of the oem
      And the state of its service
      When the other oem makes that request with its PCID in lower case
      And the service is looked at again
      Then it is withheld
      And its state is unchanged

      Examples:
        | operation                       |
        | getProvisioningCertificateV1    |
        | deleteProvisioningCertificateV1 |
        | getContractDataByPcidV1         |

  Rule: An id is somebody's own however it is written [04_authentication.md § eMSP; ERR-160]

    @AUTH-OWN-04
    Scenario Outline: One's own contract under another spelling
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its EMAID <written>
      Then the request is served

      Examples:
        | operation                         | party             | written                        |
        | getContractDataByEmaidV1          | emsp              | with hyphens                   |
        | getContractDataByEmaidV1          | emsp              | in lower case                  |
        | getContractDataByEmaidV1          | emsp              | with hyphens and in lower case |
        | deleteSignedContractDataByEmaidV1 | emsp              | with hyphens and in lower case |
        | generateAndSignContractDataV1     | emsp              | with hyphens and in lower case |
        | signContractDataV1                | emsp with own pki | with hyphens and in lower case |
        | addSignedContractDataV1           | emsp with own pki | with hyphens and in lower case |

  Rule: Whoever acts for several ids has the rights on all of them [04_authentication.md § OEM]

    @AUTH-OWN-05
    Scenario Outline: Any of an account's ids
      Given a valid request of <operation> about something of the <party> under its <which> id
      When the <party> makes that request
      Then the request is served

      Examples:
        | operation                         | party | which  |
        | addProvisioningCertificateV1      | oem   | first  |
        | addProvisioningCertificateV1      | oem   | second |
        | deleteProvisioningCertificateV1   | oem   | second |
        | getContractDataByPcidV1           | oem   | second |
        | generateAndSignContractDataV1     | emsp  | first  |
        | generateAndSignContractDataV1     | emsp  | second |
        | addSignedContractDataV1           | emsp  | second |
        | getContractDataByEmaidV1          | emsp  | second |
        | deleteSignedContractDataByEmaidV1 | emsp  | second |
        | simpleEnrollCertV1 for oem        | oem   | second |
        | simpleEnrollCertV1 for emsp       | emsp  | second |
        | simpleEnrollCertV1 for cpo        | cpo   | first  |
        | simpleEnrollCertV1 for cpo        | cpo   | second |

  Rule: A request that is refused has no effect [04_authentication.md § Roles&Rights]

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
        | operation                         | owner | party             |
        | addProvisioningCertificateV1      | oem   | other oem         |
        | deleteProvisioningCertificateV1   | oem   | other oem         |
        | signContractDataV1                | emsp  | emsp with own pki |
        | generateAndSignContractDataV1     | emsp  | other emsp        |
        | deleteSignedContractDataByEmaidV1 | emsp  | other emsp        |
        | addSignedContractDataV1           | emsp  | emsp with own pki |
        | setSignedContractDataAsDefaultV1  | oem   | other oem         |
        | simpleEnrollCertV1 for oem        | oem   | other oem         |
        | simpleEnrollCertV1 for cpo        | cpo   | other cpo         |
        | simpleEnrollCertV1 for emsp       | emsp  | other emsp        |
        | simpleEnrollCertV1 for veh        | oem   | other oem         |
        | revokeCertV1                      | oem   | other oem         |
        | updateEndpointByIdV1              | oem   | other oem         |
        | deleteEndpointByIdV1              | oem   | other oem         |

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
      And nobody has been told anything about that request

      Examples:
        | operation               | owner         | party |
        | putRootCertificateV1    | administrator | oem   |
        | deleteRootCertificateV1 | administrator | oem   |

    @AUTH-OWN-06 @needs.receiver
    Scenario Outline: No OEM is told of a contract that is refused
      Given a valid request of <operation> about something of the <owner>
      And the OEM is subscribed to "oem.contract.created, oem.contract.deleted"
      When the <party> makes that request
      And the events have had time to arrive
      Then the request is refused
      And nobody has been told anything about that request

      Examples:
        | operation                         | owner      | party             |
        | generateAndSignContractDataV1     | other emsp | emsp              |
        | addSignedContractDataV1           | emsp       | emsp with own pki |
        | deleteSignedContractDataByEmaidV1 | emsp       | other emsp        |
