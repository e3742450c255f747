@needs.backend
Feature: Backends of every role: requests as published
  Whether the requests of the backend of an OEM, eMSP, CPO or CPS are valid by the published descriptions of
  the operations.

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
