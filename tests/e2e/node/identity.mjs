// Who the profile's credentials are, and the credentials themselves, read by the AWS SDK.
// Usage: node identity.mjs ENDPOINT PROFILE

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-providers";

const [endpoint, profile] = process.argv.slice(2);
const read = fromIni({ profile });
const { accessKeyId, secretAccessKey, sessionToken } = await read();
const client = new STSClient({ region: "us-east-1", endpoint, credentials: read });
const { Arn } = await client.send(new GetCallerIdentityCommand({}));
console.log(JSON.stringify({ Arn, credentials: [accessKeyId, secretAccessKey, sessionToken] }));
