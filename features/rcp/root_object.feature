Feature: RCP: the root certificate object (getRootCertificatesV1)
  Whether a root certificate object has the published members, and whether they agree with the certificate.

  Background:
    When a party lists the root certificates
    Then the answer is 200
    And the list is not empty

  Rule: A root object holds the certificate and its types [rootCertificate.v1.json#/properties]

    @RCP-OBJ-01
    Scenario: The certificate is DER in base64
      Then every root holds one certificate in base64

    @RCP-OBJ-02
    Scenario: The types are stated
      Then every root states types of the vocabulary
      And the roots the target declares have the types it declares

    @RCP-OBJ-03
    Scenario: Trust lists are named as the contract names them
      Then every root names only known trust lists

  Rule: What the object says about the certificate is true [rootCertificate.v1.json#/properties]

    @RCP-OBJ-04
    Scenario: The informative members agree with the certificate
      Then every root has informative members that agree with its certificate

    @RCP-OBJ-05
    Scenario: The fingerprint is that of the certificate
      Then every root has the fingerprint of its certificate

    @RCP-OBJ-06
    Scenario: The key identifier is that of the certificate
      Then every root has the key identifier of its certificate
