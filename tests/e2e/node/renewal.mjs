// Answers every line with a line: the ARN and the key that the default chain has then, or what went wrong.
// Usage: node renewal.mjs ENDPOINT

import { createInterface } from "node:readline";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
const client = new STSClient({
  region: "us-east-1", endpoint: process.argv[2], credentials: fromNodeProviderChain() });
for await (const line of createInterface({ input: process.stdin })) {
  let told;
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    told = { arn: Arn, key: (await client.config.credentials()).accessKeyId };
  } catch (error) {
    told = { error: String(error.message) };
  }
  console.log(JSON.stringify(told));
}
