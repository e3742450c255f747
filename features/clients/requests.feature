@needs.backend
Feature: Backends of every role: requests as published, tokens, certificates and events
  Whether the requests of the backend of an OEM, eMSP, CPO or CPS are valid by the published descriptions of
  the operations, and made as a well-behaved client makes them.

  Rule: The requests of every role are as the operations they use describe them [ccp.api.v1.signedContractData.json#/post/requestBody; ERR-040]

    @SYS-CLIENT-01 @mutates
    Scenario: An OEM publishes a vehicle
      When the OEM backend publishes a vehicle
      Then its requests are as the operations describe them

    @SYS-CLIENT-01 @mutates
    Scenario: An eMSP concludes a contract
      Given a vehicle whose provisioning certificate is published
      When the eMSP backend concludes a contract for that vehicle
      Then its requests are as the operations describe them

    @SYS-CLIENT-01 @mutates
    Scenario: A CPO enrols a charge point
      When the CPO backend enrols a new charge point
      Then its requests are as the operations describe them

    @SYS-CLIENT-01
    Scenario: A CPO updates the roots of its charge points
      When the CPO backend updates the roots of its charge points
      Then its requests are as the operations describe them

  Rule: What was answered is not asked again and again [RFC 9110 § 9.2.2]

    @SYS-CLIENT-02 @mutates
    Scenario: An OEM publishes one vehicle
      When the OEM backend publishes a vehicle
      Then it has asked for nothing again and again

    @SYS-CLIENT-02 @mutates
    Scenario: An eMSP concludes one contract
      Given a vehicle whose provisioning certificate is published
      When the eMSP backend concludes a contract for that vehicle
      Then it has asked for nothing again and again

    @SYS-CLIENT-02 @mutates
    Scenario: A CPO enrols one charge point
      When the CPO backend enrols a new charge point
      Then it has asked for nothing again and again

  Rule: Headers that name the party of a request name that of its account [opncFromPartyType.v1.json; opncFromPartyId.v1.json; ERR-154]

    @SYS-CLIENT-03 @mutates
    Scenario: An OEM names itself
      When the OEM backend publishes a vehicle
      Then its requests are in its own name

    @SYS-CLIENT-03 @mutates
    Scenario: An eMSP names itself
      Given a vehicle whose provisioning certificate is published
      When the eMSP backend concludes a contract for that vehicle
      Then its requests are in its own name

    @SYS-CLIENT-03
    Scenario: A CPO names itself
      When the CPO backend updates the roots of its charge points
      Then its requests are in its own name

  Rule: A token that has lapsed is renewed, and one that has not is used again [RFC 6749 § 1.4; 04_authentication.md § Oauth2]

    @SYS-CLIENT-04 @mutates
    Scenario: An OEM whose token has expired
      When the OEM backend publishes a vehicle
      And the token of the OEM backend has expired
      And the OEM backend publishes another vehicle
      Then it has got a new token

    @SYS-CLIENT-04 @mutates
    Scenario: An eMSP whose token has expired
      Given a vehicle whose provisioning certificate is published
      And another vehicle whose provisioning certificate is published
      When the eMSP backend concludes a contract for that vehicle
      And the token of the eMSP backend has expired
      And the eMSP backend concludes a second contract for the other vehicle
      Then it has got a new token

    @SYS-CLIENT-04
    Scenario: A CPO whose token has expired
      When the CPO backend updates the roots of its charge points
      And the token of the CPO backend has expired
      And the CPO backend updates the roots of its charge points
      Then it has got a new token

  Rule: Whoever subscribes asks for events that are for it, at an address of TLS [postEndpointReq.v1.json; 06_webhook-service.md § Available Events]

    @SYS-CLIENT-05 @mutates
    Scenario: An OEM subscribes
      When the OEM backend subscribes to events
      Then it has subscribed to events that concern it

    @SYS-CLIENT-05 @mutates
    Scenario: An eMSP subscribes
      When the eMSP backend subscribes to events
      Then it has subscribed to events that concern it

    @SYS-CLIENT-05 @mutates
    Scenario: A CPO subscribes
      When the CPO backend subscribes to events
      Then it has subscribed to events that concern it

    @SYS-CLIENT-05 @mutates
    Scenario: A CPS subscribes
      When the CPS backend subscribes to events
      Then it has subscribed to events that concern it

  Rule: Certificates are asked for in the domain and by an id of the role, in the name of an organization [05_v2g-pki-services.md § Required CSR Datafields]

    @SYS-CLIENT-06 @mutates
    Scenario: An OEM enrols a vehicle
      When the OEM backend enrols a new vehicle
      Then it has asked the PKI for a certificate of that PCID
      And the request names an organization

    @SYS-CLIENT-06 @mutates
    Scenario: An eMSP enrols a contract
      When the eMSP backend enrols a new contract
      Then it has asked the PKI for a certificate of that EMAID
      And the request names an organization

    @SYS-CLIENT-06 @mutates
    Scenario: A CPS enrols a signer
      When the CPS backend enrols a new signer
      Then it has asked the PKI for a certificate of a CPS
      And the request names an organization

  Rule: A certificate is revoked by naming it [revokeCertificateReq.v1.json#/properties/certificate]

    @SYS-CLIENT-07 @mutates
    Scenario: A CPO revokes a certificate
      When the CPO backend enrols a new charge point
      And the CPO backend revokes that certificate
      Then it has revoked that certificate and no other

    @SYS-CLIENT-07 @mutates
    Scenario: An OEM revokes a certificate
      When the OEM backend enrols a new vehicle
      And the OEM backend revokes that certificate
      Then it has revoked that certificate and no other

  Rule: Roots come from the root certificate pool [02_PnC_business-processes.md § Providing Root Certificates…]

    @SYS-CLIENT-08
    Scenario: A CPS reads the roots
      When the CPS backend updates its roots
      Then it has read the V2G, OEM and eMSP roots
