variable "group" {
  description = "Name of the IAM group of those who may assume the role."
  type        = string
}

variable "role" {
  description = "Name of the role."
  type        = string
  default     = "AdminRole"
}

variable "max_session_duration" {
  description = "The longest session of the role, in seconds."
  type        = number
  default     = 3600
}
