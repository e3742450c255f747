@mutates
Feature: Interface: error responses
  Whether errors have the published body, whether broken bodies and hostile ids are refused without harm,
  and whether errors keep what the software is to themselves.

  Rule: An error whose body is defined says what is wrong and how to ask about it [error.v1.json]

    @SYS-ERR-01
    Scenario Outline: A request for something that is no id
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the answer is 400
      And it has messages and a trace id

      Examples:
        # table: errors_of_content
        | operation                                           | party             | place                        | flaw                   |
        | getRootCertificatesV1                               | oem               | pkiType                      | outside the vocabulary |
        | addProvisioningCertificateV1                        | oem               | provisioningCertificateChain | missing                |
        | deleteProvisioningCertificateV1                     | oem               | pcid                         | too short              |
        | getProvisioningCertificateV1                        | oem               | pcid                         | too short              |
        | lookupVehicleV1                                     | oem               | pcid                         | too short              |
        | signContractDataV1                                  | emsp with own pki | contractCertificateBundle    | missing                |
        | generateAndSignContractDataV1                       | emsp              | contractBegins               | missing                |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | alwaysReturnEXI              | a text                 |
        | deleteSignedContractDataByEmaidV1                   | emsp with own pki | X-Skip-Revocation            | a text                 |
        | getContractDataByEmaidV1                            | emsp with own pki | emaid                        | too short              |
        | getContractDataByPcidV1                             | oem               | pcid                         | too short              |
        | getSignedContractDataByEmaidAndPcidV1               | oem               | emaid                        | too short              |
        | addSignedContractDataV1                             | emsp with own pki | certificateInstallationRes   | missing                |

    @SYS-ERR-01
    Scenario Outline: A request for something that does not exist
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request about something that does not exist
      Then the answer is 404
      And it has messages and a trace id

      Examples:
        # table: errors_of_absence
        | operation                             | party             |
        | getRootCertificateV1                  | oem               |
        | deleteProvisioningCertificateV1       | oem               |
        | getProvisioningCertificateV1          | oem               |
        | lookupVehicleV1                       | oem               |
        | deleteSignedContractDataByEmaidV1     | emsp with own pki |
        | getSignedContractDataByEmaidAndPcidV1 | oem               |

    @SYS-ERR-02
    Scenario Outline: Two errors
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request about something that does not exist
      And the <party> makes that request about something that does not exist once more
      Then the trace ids of both answers differ

      Examples:
        # table: two_errors
        | operation                         | party             |
        | getRootCertificateV1              | oem               |
        | deleteProvisioningCertificateV1   | oem               |
        | deleteSignedContractDataByEmaidV1 | emsp with own pki |

  Rule: What is no JSON is refused, and does no harm [pcp.api.v1.provisioningCertificates.json#/put/responses/400; ERR-014]

    @SYS-ERR-04
    Scenario Outline: Malformed JSON
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with <content> as its body
      Then the request is refused with 400

      Examples:
        # table: malformed_json
        | operation                                           | party             | content                 |
        | putRootCertificateV1                                | administrator     | nothing                 |
        | putRootCertificateV1                                | administrator     | an open brace           |
        | putRootCertificateV1                                | administrator     | half of it              |
        | putRootCertificateV1                                | administrator     | a word                  |
        | putRootCertificateV1                                | administrator     | a list                  |
        | putRootCertificateV1                                | administrator     | bytes that are no UTF-8 |
        | putRootCertificateV1                                | administrator     | 10,000 open brackets    |
        | addProvisioningCertificateV1                        | oem               | nothing                 |
        | addProvisioningCertificateV1                        | oem               | an open brace           |
        | addProvisioningCertificateV1                        | oem               | half of it              |
        | addProvisioningCertificateV1                        | oem               | a word                  |
        | addProvisioningCertificateV1                        | oem               | a list                  |
        | addProvisioningCertificateV1                        | oem               | bytes that are no UTF-8 |
        | addProvisioningCertificateV1                        | oem               | 10,000 open brackets    |
        | signContractDataV1                                  | emsp with own pki | nothing                 |
        | signContractDataV1                                  | emsp with own pki | an open brace           |
        | signContractDataV1                                  | emsp with own pki | half of it              |
        | signContractDataV1                                  | emsp with own pki | a word                  |
        | signContractDataV1                                  | emsp with own pki | a list                  |
        | signContractDataV1                                  | emsp with own pki | bytes that are no UTF-8 |
        | signContractDataV1                                  | emsp with own pki | 10,000 open brackets    |
        | generateAndSignContractDataV1                       | emsp              | nothing                 |
        | generateAndSignContractDataV1                       | emsp              | an open brace           |
        | generateAndSignContractDataV1                       | emsp              | half of it              |
        | generateAndSignContractDataV1                       | emsp              | a word                  |
        | generateAndSignContractDataV1                       | emsp              | a list                  |
        | generateAndSignContractDataV1                       | emsp              | bytes that are no UTF-8 |
        | generateAndSignContractDataV1                       | emsp              | 10,000 open brackets    |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | nothing                 |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | an open brace           |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | half of it              |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | a word                  |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | a list                  |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | bytes that are no UTF-8 |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               | 10,000 open brackets    |
        | addSignedContractDataV1                             | emsp with own pki | nothing                 |
        | addSignedContractDataV1                             | emsp with own pki | an open brace           |
        | addSignedContractDataV1                             | emsp with own pki | half of it              |
        | addSignedContractDataV1                             | emsp with own pki | a word                  |
        | addSignedContractDataV1                             | emsp with own pki | a list                  |
        | addSignedContractDataV1                             | emsp with own pki | bytes that are no UTF-8 |
        | addSignedContractDataV1                             | emsp with own pki | 10,000 open brackets    |
        | revokeCertV1                                        | oem               | nothing                 |
        | revokeCertV1                                        | oem               | an open brace           |
        | revokeCertV1                                        | oem               | half of it              |
        | revokeCertV1                                        | oem               | a word                  |
        | revokeCertV1                                        | oem               | a list                  |
        | revokeCertV1                                        | oem               | bytes that are no UTF-8 |
        | revokeCertV1                                        | oem               | 10,000 open brackets    |
        | postEndpointV1                                      | oem               | nothing                 |
        | postEndpointV1                                      | oem               | an open brace           |
        | postEndpointV1                                      | oem               | half of it              |
        | postEndpointV1                                      | oem               | a word                  |
        | postEndpointV1                                      | oem               | a list                  |
        | postEndpointV1                                      | oem               | bytes that are no UTF-8 |
        | postEndpointV1                                      | oem               | 10,000 open brackets    |
        | updateEndpointByIdV1                                | oem               | nothing                 |
        | updateEndpointByIdV1                                | oem               | an open brace           |
        | updateEndpointByIdV1                                | oem               | half of it              |
        | updateEndpointByIdV1                                | oem               | a word                  |
        | updateEndpointByIdV1                                | oem               | a list                  |
        | updateEndpointByIdV1                                | oem               | bytes that are no UTF-8 |
        | updateEndpointByIdV1                                | oem               | 10,000 open brackets    |

    @SYS-ERR-04
    Scenario Outline: A compressed body
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its body compressed
      Then it is understood, or refused with 400 or 415

      Examples:
        # table: json_requests
        | operation                                           | party             |
        | putRootCertificateV1                                | administrator     |
        | addProvisioningCertificateV1                        | oem               |
        | signContractDataV1                                  | emsp with own pki |
        | generateAndSignContractDataV1                       | emsp              |
        | getSignedContractDataByCertificateInstallationReqV1 | cpo               |
        | addSignedContractDataV1                             | emsp with own pki |
        | revokeCertV1                                        | oem               |
        | postEndpointV1                                      | oem               |
        | updateEndpointByIdV1                                | oem               |

  Rule: Hostile ids do no harm [pcidParam.v1.json#/pattern; emaidParam.v1.json#/pattern]

    @SYS-ERR-05
    Scenario Outline: A hostile id
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with <id> as its id
      Then there is nothing of that name

      Examples:
        # table: hostile_ids
        | operation                             | party             | id                |
        | getRootCertificateV1                  | oem               | a way upwards     |
        | getRootCertificateV1                  | oem               | a null byte       |
        | getRootCertificateV1                  | oem               | a line break      |
        | getRootCertificateV1                  | oem               | 10,000 characters |
        | getRootCertificateV1                  | oem               | a quotation mark  |
        | getRootCertificateV1                  | oem               | an emoji          |
        | getRootCertificateV1                  | oem               | an expression     |
        | deleteRootCertificateV1               | administrator     | a way upwards     |
        | deleteRootCertificateV1               | administrator     | a null byte       |
        | deleteRootCertificateV1               | administrator     | a line break      |
        | deleteRootCertificateV1               | administrator     | 10,000 characters |
        | deleteRootCertificateV1               | administrator     | a quotation mark  |
        | deleteRootCertificateV1               | administrator     | an emoji          |
        | deleteRootCertificateV1               | administrator     | an expression     |
        | deleteProvisioningCertificateV1       | oem               | a way upwards     |
        | deleteProvisioningCertificateV1       | oem               | a null byte       |
        | deleteProvisioningCertificateV1       | oem               | a line break      |
        | deleteProvisioningCertificateV1       | oem               | 10,000 characters |
        | deleteProvisioningCertificateV1       | oem               | a quotation mark  |
        | deleteProvisioningCertificateV1       | oem               | an emoji          |
        | deleteProvisioningCertificateV1       | oem               | an expression     |
        | getProvisioningCertificateV1          | oem               | a way upwards     |
        | getProvisioningCertificateV1          | oem               | a null byte       |
        | getProvisioningCertificateV1          | oem               | a line break      |
        | getProvisioningCertificateV1          | oem               | 10,000 characters |
        | getProvisioningCertificateV1          | oem               | a quotation mark  |
        | getProvisioningCertificateV1          | oem               | an emoji          |
        | getProvisioningCertificateV1          | oem               | an expression     |
        | lookupVehicleV1                       | oem               | a way upwards     |
        | lookupVehicleV1                       | oem               | a null byte       |
        | lookupVehicleV1                       | oem               | a line break      |
        | lookupVehicleV1                       | oem               | 10,000 characters |
        | lookupVehicleV1                       | oem               | a quotation mark  |
        | lookupVehicleV1                       | oem               | an emoji          |
        | lookupVehicleV1                       | oem               | an expression     |
        | deleteSignedContractDataByEmaidV1     | emsp with own pki | a way upwards     |
        | deleteSignedContractDataByEmaidV1     | emsp with own pki | a null byte       |
        | deleteSignedContractDataByEmaidV1     | emsp with own pki | a line break      |
        | deleteSignedContractDataByEmaidV1     | emsp with own pki | 10,000 characters |
        | deleteSignedContractDataByEmaidV1     | emsp with own pki | a quotation mark  |
        | deleteSignedContractDataByEmaidV1     | emsp with own pki | an emoji          |
        | deleteSignedContractDataByEmaidV1     | emsp with own pki | an expression     |
        | getContractDataByEmaidV1              | emsp with own pki | a way upwards     |
        | getContractDataByEmaidV1              | emsp with own pki | a null byte       |
        | getContractDataByEmaidV1              | emsp with own pki | a line break      |
        | getContractDataByEmaidV1              | emsp with own pki | 10,000 characters |
        | getContractDataByEmaidV1              | emsp with own pki | a quotation mark  |
        | getContractDataByEmaidV1              | emsp with own pki | an emoji          |
        | getContractDataByEmaidV1              | emsp with own pki | an expression     |
        | getContractDataByPcidV1               | oem               | a way upwards     |
        | getContractDataByPcidV1               | oem               | a null byte       |
        | getContractDataByPcidV1               | oem               | a line break      |
        | getContractDataByPcidV1               | oem               | 10,000 characters |
        | getContractDataByPcidV1               | oem               | a quotation mark  |
        | getContractDataByPcidV1               | oem               | an emoji          |
        | getContractDataByPcidV1               | oem               | an expression     |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | a way upwards     |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | a null byte       |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | a line break      |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | 10,000 characters |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | a quotation mark  |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | an emoji          |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | an expression     |
        | setSignedContractDataAsDefaultV1      | oem               | a way upwards     |
        | setSignedContractDataAsDefaultV1      | oem               | a null byte       |
        | setSignedContractDataAsDefaultV1      | oem               | a line break      |
        | setSignedContractDataAsDefaultV1      | oem               | 10,000 characters |
        | setSignedContractDataAsDefaultV1      | oem               | a quotation mark  |
        | setSignedContractDataAsDefaultV1      | oem               | an emoji          |
        | setSignedContractDataAsDefaultV1      | oem               | an expression     |
        | getEndpointByIdV1                     | oem               | a way upwards     |
        | getEndpointByIdV1                     | oem               | a null byte       |
        | getEndpointByIdV1                     | oem               | a line break      |
        | getEndpointByIdV1                     | oem               | 10,000 characters |
        | getEndpointByIdV1                     | oem               | a quotation mark  |
        | getEndpointByIdV1                     | oem               | an emoji          |
        | getEndpointByIdV1                     | oem               | an expression     |
        | updateEndpointByIdV1                  | oem               | a way upwards     |
        | updateEndpointByIdV1                  | oem               | a null byte       |
        | updateEndpointByIdV1                  | oem               | a line break      |
        | updateEndpointByIdV1                  | oem               | 10,000 characters |
        | updateEndpointByIdV1                  | oem               | a quotation mark  |
        | updateEndpointByIdV1                  | oem               | an emoji          |
        | updateEndpointByIdV1                  | oem               | an expression     |
        | deleteEndpointByIdV1                  | oem               | a way upwards     |
        | deleteEndpointByIdV1                  | oem               | a null byte       |
        | deleteEndpointByIdV1                  | oem               | a line break      |
        | deleteEndpointByIdV1                  | oem               | 10,000 characters |
        | deleteEndpointByIdV1                  | oem               | a quotation mark  |
        | deleteEndpointByIdV1                  | oem               | an emoji          |
        | deleteEndpointByIdV1                  | oem               | an expression     |

  Rule: Errors tell nothing about the software [error.v1.json]

    @SYS-ERR-07
    Scenario Outline: What an error gives away
      Given a valid request of <operation> about something of the <party>
      When the <party> provokes an error by <means>
      Then the answer gives away neither the inside of the software nor its version

      Examples:
        # table: provoked_errors
        | operation               | party | means                        |
        | getRootCertificatesV1   | oem   | a token that is none         |
        | getRootCertificatesV1   | oem   | a path that does not exist   |
        | getRootCertificatesV1   | oem   | a method that does not exist |
        | getRootCertificatesV1   | oem   | a query that cannot be read  |
        | lookupVehicleV1         | oem   | a token that is none         |
        | lookupVehicleV1         | oem   | a path that does not exist   |
        | lookupVehicleV1         | oem   | a method that does not exist |
        | lookupVehicleV1         | oem   | a query that cannot be read  |
        | getCaCertsV1 for cpo    | cpo   | a token that is none         |
        | getCaCertsV1 for cpo    | cpo   | a path that does not exist   |
        | getCaCertsV1 for cpo    | cpo   | a method that does not exist |
        | getCaCertsV1 for cpo    | cpo   | a query that cannot be read  |
        | getCpsCertificatesV1    | oem   | a token that is none         |
        | getCpsCertificatesV1    | oem   | a path that does not exist   |
        | getCpsCertificatesV1    | oem   | a method that does not exist |
        | getCpsCertificatesV1    | oem   | a query that cannot be read  |
        | getContractDataByPcidV1 | oem   | a token that is none         |
        | getContractDataByPcidV1 | oem   | a path that does not exist   |
        | getContractDataByPcidV1 | oem   | a method that does not exist |
        | getContractDataByPcidV1 | oem   | a query that cannot be read  |
        | get-webhook-endpoints   | oem   | a token that is none         |
        | get-webhook-endpoints   | oem   | a path that does not exist   |
        | get-webhook-endpoints   | oem   | a method that does not exist |
        | get-webhook-endpoints   | oem   | a query that cannot be read  |
