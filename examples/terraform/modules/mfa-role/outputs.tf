output "role_arn" {
  description = "ARN of the role; what it may do is for you to attach."
  value       = aws_iam_role.this.arn
}

output "role_name" {
  description = "Name of the role, for aws_iam_role_policy_attachment."
  value       = aws_iam_role.this.name
}
