// Whose credentials the default chain finds.
// Usage: node chain.mjs ENDPOINT

import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
const client = new STSClient({
  region: "us-east-1", endpoint: process.argv[2], credentials: fromNodeProviderChain() });
console.log((await client.send(new GetCallerIdentityCommand({}))).Arn);
