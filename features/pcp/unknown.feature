Feature: PCP: unknown vehicles (getProvisioningCertificateV1, lookupVehicleV1, deleteProvisioningCertificateV1)
  Whether a PCID that is none, or that the pool does not hold, is answered as such by each operation.

  Rule: A PCID is 17 or 18 letters and digits [pcp.api.v1.provisioningCertificateByPcid.json#/get/responses/400]

    Scenario Outline: What is no PCID
      When the <party> <does> the PCID "<pcid>"
      Then the answer is 400 with an error body that names "pcid"

      Examples:
        | requirement   | party | does     | pcid                |
        | PCP-GET-04    | eMSP  | reads    | WDB1234567890123    |
        | PCP-GET-04    | eMSP  | reads    | WDB1234567890123456 |
        | PCP-GET-04    | eMSP  | reads    | WDB-4567890123456   |
        | PCP-GET-04    | eMSP  | reads    | WDBÜ4567890123456   |
        | PCP-LOOKUP-03 | eMSP  | looks up | WDB1234567890123    |
        | PCP-LOOKUP-03 | eMSP  | looks up | WDB1234567890123456 |
        | PCP-DEL-03    | OEM   | deletes  | WDB1234567890123    |
        | PCP-DEL-03    | OEM   | deletes  | WDB-4567890123456   |

  Rule: A PCID that nobody has published is answered as such [pcp.api.v1.provisioningCertificateByPcid.json#/get/responses/404]

    @PCP-GET-05
    Scenario: Reading it
      Given a vehicle of the OEM
      When the eMSP reads that vehicle in this pool alone
      Then the answer is 404 with an error body

    @PCP-GET-05
    Scenario: Reading one that differs from a known one in its last character
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the eMSP reads a sibling of that vehicle in this pool alone
      Then the answer is 404 with an error body

    @PCP-GET-05
    Scenario: Reading one that lacks the last of the 18 characters of a known one
      Given a vehicle of the OEM
      And the OEM has published a longer sibling of that vehicle
      When the eMSP reads that vehicle in this pool alone
      Then the request is refused with 404, or served as ERR-162 allows

    Scenario Outline: Asking for one that differs from a known one in its last character
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the <party> <does> a sibling of that vehicle
      And the eMSP reads that vehicle afterwards
      Then the answer is 404 with an error body
      And the pool holds that vehicle

      Examples:
        | requirement   | party | does     |
        | PCP-LOOKUP-02 | eMSP  | looks up |
        | PCP-DEL-02    | OEM   | deletes  |

    @PCP-LOOKUP-02
    Scenario: Looking it up
      Given a vehicle of the OEM
      When the eMSP looks up that vehicle
      Then the answer is 404 with an error body

    @PCP-DEL-02
    Scenario: Deleting it
      Given a vehicle of the OEM
      When the OEM deletes that vehicle
      Then the answer is 404 with an error body
