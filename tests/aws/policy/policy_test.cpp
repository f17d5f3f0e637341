#include "aws/policy/policy.h"

#include "base/error.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace aws::policy {
namespace {

Request request(std::string action = "iam:GetRole",
                std::string resource = "arn:aws:iam::123456789012:role/AdminRole") {
  return {std::move(action),
          std::move(resource),
          {"123456789012", {"arn:aws:iam::123456789012:user/jsmith"}},
          {{"aws:username", "jsmith"}}};
}

// A statement's members, as in a document of the present version.
Policy identity(const std::string& members) {
  return parse(R"({"Version": "2012-10-17", "Statement": [{)" + members + "}]}", Kind::identity);
}

Decision decide(const std::string& members, const Request& asked = request()) {
  const Policy policy = identity(members);
  return evaluate({&policy, 1}, asked);
}

bool allows_resource(const std::string& pattern, const std::string& resource) {
  return decide(fmt::format(R"("Effect": "Allow", "Action": "*", "Resource": "{}")", pattern),
                request("iam:GetRole", resource)) == Decision::allow;
}

bool holds(const std::string& condition, std::map<std::string, std::string> context) {
  Request asked = request();
  asked.context = std::move(context);
  return decide(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Condition": )" + condition,
                asked) == Decision::allow;
}

std::string refusal(const std::string& document, Kind kind = Kind::identity) {
  try {
    parse(document, kind);
    return "parsed";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::usage);
    return error.what();
  }
}

TEST(Policy, SaysNoUnlessSomethingSaysYes) {
  EXPECT_EQ(evaluate({}, request()), Decision::implicit_deny);
  EXPECT_EQ(decide(R"("Effect": "Allow", "Action": "s3:*", "Resource": "*")"),
            Decision::implicit_deny);
  EXPECT_EQ(decide(R"("Effect": "Allow", "Action": "iam:GetRole", "Resource": "*")"),
            Decision::allow);
}

TEST(Policy, ADenyWinsWhereverItStands) {
  const Policy allow = identity(R"("Effect": "Allow", "Action": "*", "Resource": "*")");
  const Policy deny = identity(R"("Effect": "Deny", "Action": "iam:Get*", "Resource": "*")");
  EXPECT_EQ(evaluate(std::vector{allow, deny}, request()), Decision::explicit_deny);
  EXPECT_EQ(evaluate(std::vector{deny, allow}, request()), Decision::explicit_deny);
  EXPECT_EQ(evaluate(std::vector{deny, allow}, request("iam:ListRoles")), Decision::allow);
}

TEST(Policy, ActionsAreWithoutCaseAndWithWildcards) {
  for (const char* action : {"IAM:getrole", "iam:Get*", "iam:*", "*", "iam:GetRol?", "i*:*Role"}) {
    EXPECT_EQ(decide(fmt::format(R"("Effect": "Allow", "Action": "{}", "Resource": "*")", action)),
              Decision::allow)
        << action;
  }
  for (const char* action : {"iam:GetRole?", "iam:Get", "iam:", "sts:*", ""}) {
    EXPECT_EQ(decide(fmt::format(R"("Effect": "Allow", "Action": "{}", "Resource": "*")", action)),
              Decision::implicit_deny)
        << action;
  }
}

TEST(Policy, NotActionAndNotResourceMeanAllButThese) {
  EXPECT_EQ(decide(R"("Effect": "Allow", "NotAction": ["iam:Get*", "s3:*"], "Resource": "*")"),
            Decision::implicit_deny);
  EXPECT_EQ(decide(R"("Effect": "Allow", "NotAction": "s3:*", "Resource": "*")"), Decision::allow);
  EXPECT_EQ(decide(R"("Effect": "Allow", "Action": "*", "NotResource": "*AdminRole")"),
            Decision::implicit_deny);
  EXPECT_EQ(decide(R"("Effect": "Allow", "Action": "*", "NotResource": "*Other")"),
            Decision::allow);
}

TEST(Policy, ResourcesAreWithCaseAndWithWildcards) {
  EXPECT_TRUE(allows_resource("arn:aws:iam::*:role/*", "arn:aws:iam::1:role/a/B"));
  EXPECT_TRUE(allows_resource("arn:aws:iam::1:role/?", "arn:aws:iam::1:role/B"));
  EXPECT_FALSE(allows_resource("arn:aws:iam::1:role/b", "arn:aws:iam::1:role/B"));
  EXPECT_FALSE(allows_resource("arn:aws:iam::1:role/?", "arn:aws:iam::1:role/"));
  EXPECT_FALSE(allows_resource("arn:aws:iam::1:role", "arn:aws:iam::1:role/B"));
}

TEST(Policy, ManyWildcardsCostLittle) {
  const std::string stars = "a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
  EXPECT_FALSE(allows_resource(stars, std::string(5000, 'a')));
}

TEST(Policy, VariablesStandForTheContextAndAreNoWildcards) {
  EXPECT_TRUE(allows_resource("user/${aws:username}", "user/jsmith"));
  EXPECT_TRUE(allows_resource("user/${AWS:UserName}", "user/jsmith"));
  EXPECT_FALSE(allows_resource("user/${aws:username}", "user/other"));
  EXPECT_FALSE(allows_resource("user/${aws:missing}", "user/"));
  EXPECT_TRUE(allows_resource("user/${aws:missing, 'nobody'}", "user/nobody"));
  EXPECT_TRUE(allows_resource("a${*}b", "a*b"));
  EXPECT_FALSE(allows_resource("a${*}b", "axb"));

  Request starred = request("iam:GetUser", "user/anyone");
  starred.context["aws:username"] = "*";
  EXPECT_EQ(
      decide(R"("Effect": "Allow", "Action": "*", "Resource": "user/${aws:username}")", starred),
      Decision::implicit_deny);
}

TEST(Policy, TheOldVersionKnowsNoVariables) {
  const Policy policy = parse(
      R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "user/${aws:username}"}})",
      Kind::identity);
  EXPECT_EQ(evaluate({&policy, 1}, request("x:y", "user/jsmith")), Decision::implicit_deny);
  EXPECT_EQ(evaluate({&policy, 1}, request("x:y", "user/${aws:username}")), Decision::allow);
}

TEST(Policy, BoolNeedsTheKeyUnlessIfExists) {
  const std::string plain = R"({"Bool": {"aws:MultiFactorAuthPresent": "true"}})";
  EXPECT_TRUE(holds(plain, {{"aws:multifactorauthpresent", "true"}}));
  EXPECT_FALSE(holds(plain, {{"aws:multifactorauthpresent", "false"}}));
  EXPECT_FALSE(holds(plain, {}));
  const std::string lenient = R"({"BoolIfExists": {"aws:MultiFactorAuthPresent": true}})";
  EXPECT_TRUE(holds(lenient, {}));
  EXPECT_TRUE(holds(lenient, {{"aws:multifactorauthpresent", "true"}}));
  EXPECT_FALSE(holds(lenient, {{"aws:multifactorauthpresent", "false"}}));
}

struct StringCase {
  const char* operation;
  bool equal;       // "Abc" against "Abc"
  bool other_case;  // against "abc"
  bool pattern;     // "A*" against "Abc"
  bool absent;
};

TEST(Policy, StringOperatorsDifferInCasePatternsAndAbsence) {
  for (const StringCase& c : {
           StringCase{"StringEquals", true, false, false, false},
           StringCase{"StringNotEquals", false, true, true, true},
           StringCase{"StringEqualsIgnoreCase", true, true, false, false},
           StringCase{"StringNotEqualsIgnoreCase", false, false, true, true},
           StringCase{"StringLike", true, false, true, false},
           StringCase{"StringNotLike", false, true, false, true},
           StringCase{"StringEqualsIfExists", true, false, false, true},
           StringCase{"StringNotLikeIfExists", false, true, false, true},
       }) {
    SCOPED_TRACE(c.operation);
    const auto condition = [&](const char* value) {
      return fmt::format(R"({{"{}": {{"x:Key": "{}"}}}})", c.operation, value);
    };
    EXPECT_EQ(holds(condition("Abc"), {{"x:key", "Abc"}}), c.equal);
    EXPECT_EQ(holds(condition("Abc"), {{"x:key", "abc"}}), c.other_case);
    EXPECT_EQ(holds(condition("A*"), {{"x:key", "Abc"}}), c.pattern);
    EXPECT_EQ(holds(condition("Abc"), {}), c.absent);
  }
}

struct NumericCase {
  const char* operation;
  bool less, equal, greater, absent, no_number;
};

TEST(Policy, NumericOperatorsCompareNumbers) {
  for (const NumericCase& c : {
           NumericCase{"NumericEquals", false, true, false, false, false},
           NumericCase{"NumericNotEquals", true, false, true, true, true},
           NumericCase{"NumericLessThan", true, false, false, false, false},
           NumericCase{"NumericLessThanEquals", true, true, false, false, false},
           NumericCase{"NumericGreaterThan", false, false, true, false, false},
           NumericCase{"NumericGreaterThanEquals", false, true, true, false, false},
           NumericCase{"NumericLessThanIfExists", true, false, false, true, false},
       }) {
    SCOPED_TRACE(c.operation);
    for (const char* wanted : {"\"300\"", "300"}) {
      const std::string condition =
          fmt::format(R"({{"{}": {{"aws:MultiFactorAuthAge": {}}}}})", c.operation, wanted);
      EXPECT_EQ(holds(condition, {{"aws:multifactorauthage", "29"}}), c.less);
      EXPECT_EQ(holds(condition, {{"aws:multifactorauthage", "300"}}), c.equal);
      EXPECT_EQ(holds(condition, {{"aws:multifactorauthage", "1000"}}), c.greater);
      EXPECT_EQ(holds(condition, {}), c.absent);
      EXPECT_EQ(holds(condition, {{"aws:multifactorauthage", "soon"}}), c.no_number);
    }
  }
}

TEST(Policy, NullAsksWhetherTheKeyIsAbsent) {
  EXPECT_TRUE(holds(R"({"Null": {"x:Key": "true"}})", {}));
  EXPECT_FALSE(holds(R"({"Null": {"x:Key": "true"}})", {{"x:key", ""}}));
  EXPECT_TRUE(holds(R"({"Null": {"x:Key": false}})", {{"x:key", ""}}));
}

TEST(Policy, ArnOperatorsMatchPartByPart) {
  const auto arn_holds = [](const char* operation, const char* pattern) {
    return holds(fmt::format(R"({{"{}": {{"aws:PrincipalArn": "{}"}}}})", operation, pattern),
                 {{"aws:principalarn", "arn:aws:iam::123456789012:role/a/b"}});
  };
  for (const char* operation : {"ArnLike", "ArnEquals"}) {
    EXPECT_TRUE(arn_holds(operation, "arn:*:iam::*:role/*"));
    EXPECT_FALSE(arn_holds(operation, "arn:*:role/*")) << "a * crossed a colon";
    EXPECT_FALSE(arn_holds(operation, "role"));
  }
  EXPECT_TRUE(arn_holds("ArnNotLike", "arn:aws:iam::*:user/*"));
  EXPECT_FALSE(arn_holds("ArnNotEquals", "arn:aws:iam::*:role/*"));
}

TEST(Policy, AllKeysMustHoldAndOneValueOfEach) {
  const std::string condition =
      R"({"StringEquals": {"x:A": ["1", "2"], "x:B": "3"}, "Bool": {"x:C": "true"}})";
  EXPECT_TRUE(holds(condition, {{"x:a", "2"}, {"x:b", "3"}, {"x:c", "true"}}));
  EXPECT_FALSE(holds(condition, {{"x:a", "3"}, {"x:b", "3"}, {"x:c", "true"}}));
  EXPECT_FALSE(holds(condition, {{"x:a", "2"}, {"x:b", "3"}, {"x:c", "false"}}));
  // With a negated operator none of the values may match.
  EXPECT_FALSE(holds(R"({"StringNotEquals": {"x:A": ["1", "2"]}})", {{"x:a", "2"}}));
}

bool holds_of_list(const std::string& condition, std::vector<std::string> values) {
  Request asked = request();
  asked.multivalued["x:list"] = std::move(values);
  return decide(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Condition": )" + condition,
                asked) == Decision::allow;
}

TEST(Policy, ForAllValuesWantsEveryValueAndNeedsNone) {
  const std::string condition = R"({"ForAllValues:StringEquals": {"x:List": ["a", "b"]}})";
  EXPECT_TRUE(holds_of_list(condition, {"a"}));
  EXPECT_TRUE(holds_of_list(condition, {"b", "a"}));
  EXPECT_FALSE(holds_of_list(condition, {"a", "c"}));
  EXPECT_TRUE(holds_of_list(condition, {}));
  EXPECT_TRUE(holds(condition, {}));
  EXPECT_TRUE(holds(condition, {{"x:list", "a"}}));
  EXPECT_FALSE(holds(condition, {{"x:list", "c"}}));
  const std::string negated = R"({"ForAllValues:StringNotLike": {"x:List": ["a*"]}})";
  EXPECT_TRUE(holds_of_list(negated, {"b", "c"}));
  EXPECT_FALSE(holds_of_list(negated, {"b", "ab"}));
}

TEST(Policy, ForAnyValueWantsOneValue) {
  const std::string condition = R"({"ForAnyValue:StringLike": {"x:List": ["a*", "b*"]}})";
  EXPECT_TRUE(holds_of_list(condition, {"c", "b1"}));
  EXPECT_FALSE(holds_of_list(condition, {"c", "d"}));
  EXPECT_FALSE(holds_of_list(condition, {}));
  EXPECT_TRUE(holds_of_list(R"({"ForAnyValue:StringLikeIfExists": {"x:List": "a*"}})", {}));
  const std::string negated = R"({"ForAnyValue:StringNotEquals": {"x:List": ["a", "b"]}})";
  EXPECT_TRUE(holds_of_list(negated, {"a", "c"}));
  EXPECT_FALSE(holds_of_list(negated, {"a", "b"}));
  EXPECT_FALSE(holds_of_list(negated, {})) << "there is no value that differs";
}

TEST(Policy, NullOfAListAsksWhetherItIsEmpty) {
  EXPECT_TRUE(holds_of_list(R"({"Null": {"x:List": "true"}})", {}));
  EXPECT_TRUE(holds_of_list(R"({"Null": {"x:List": "false"}})", {"a"}));
}

TEST(Policy, AListWithoutASetOperatorIsJudgedValueByValue) {
  EXPECT_TRUE(holds_of_list(R"({"StringEquals": {"x:List": "a"}})", {"a", "b"}));
  EXPECT_FALSE(holds_of_list(R"({"StringNotEquals": {"x:List": "a"}})", {"a", "b"}));
}

TEST(Policy, ConditionValuesMayHoldVariables) {
  EXPECT_TRUE(holds(R"({"StringEquals": {"x:A": "${aws:username}"}})",
                    {{"x:a", "jsmith"}, {"aws:username", "jsmith"}}));
  EXPECT_FALSE(holds(R"({"StringEquals": {"x:A": "${aws:username}"}})", {{"x:a", "jsmith"}}));
}

Decision trust(const std::string& principal, const Request& asked) {
  const Policy policy =
      parse(R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action":
              "sts:AssumeRole", "Principal": )" +
                principal + "}}",
            Kind::trust);
  return evaluate({&policy, 1}, asked);
}

TEST(Policy, ATrustPolicyNamesAUserDirectlyOrByItsAccount) {
  const Request asked = request("sts:AssumeRole");
  EXPECT_EQ(trust(R"({"AWS": "arn:aws:iam::123456789012:user/jsmith"})", asked), Decision::allow);
  EXPECT_EQ(trust(R"("*")", asked), Decision::allow);
  EXPECT_EQ(trust(R"({"AWS": "*"})", asked), Decision::allow);
  EXPECT_EQ(trust(R"({"AWS": "123456789012"})", asked), Decision::allow_for_account);
  EXPECT_EQ(trust(R"({"AWS": "arn:aws:iam::123456789012:root"})", asked),
            Decision::allow_for_account);
  EXPECT_EQ(trust(R"({"AWS": ["arn:aws:iam::123456789012:root",
                              "arn:aws:iam::123456789012:user/jsmith"]})",
                  asked),
            Decision::allow);
  for (const char* principal :
       {R"({"AWS": "arn:aws:iam::123456789012:user/other"})", R"({"AWS": "210987654321"})",
        R"({"AWS": "arn:aws:iam::123456789012:user/*"})", R"({"Service": "ec2.amazonaws.com"})",
        R"({"AWS": "arn:aws:iam::210987654321:root"})"}) {
    EXPECT_EQ(trust(principal, asked), Decision::implicit_deny) << principal;
  }
}

TEST(Policy, ATrustPolicyNamesARoleOrOneOfItsSessions) {
  Request asked = request("sts:AssumeRole");
  asked.principal.arns = {"arn:aws:sts::123456789012:assumed-role/B/x",
                          "arn:aws:iam::123456789012:role/B"};
  EXPECT_EQ(trust(R"({"AWS": "arn:aws:iam::123456789012:role/B"})", asked), Decision::allow);
  EXPECT_EQ(trust(R"({"AWS": "arn:aws:sts::123456789012:assumed-role/B/x"})", asked),
            Decision::allow);
  EXPECT_EQ(trust(R"({"AWS": "arn:aws:sts::123456789012:assumed-role/B/y"})", asked),
            Decision::implicit_deny);
}

TEST(Policy, RefusesWhatItWouldJudgeWrongly) {
  const auto statement = [](const std::string& members) {
    return R"({"Version": "2012-10-17", "Statement": [{)" + members + "}]}";
  };
  EXPECT_EQ(refusal("{\n  x"), "the policy: not JSON at line 2, column 3");
  EXPECT_EQ(refusal("[]"), "the policy: must be an object");
  EXPECT_EQ(refusal("{}"), "the policy: needs Statement");
  EXPECT_EQ(refusal(R"({"Version": "2020-01-01", "Statement": []})"),
            "the policy: Version must be 2012-10-17 or 2008-10-17");
  EXPECT_EQ(refusal(R"({"Statements": []})"), "the policy: unknown element Statements");
  EXPECT_EQ(refusal(statement(R"("Effect": "Maybe", "Action": "*", "Resource": "*")")),
            "statement 1: Effect must be Allow or Deny");
  EXPECT_EQ(refusal(statement(R"("Effect": "Allow", "Resource": "*")")),
            "statement 1: needs either Action or NotAction");
  EXPECT_EQ(
      refusal(statement(R"("Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*")")),
      "statement 1: needs either Action or NotAction");
  EXPECT_EQ(refusal(statement(R"("Effect": "Allow", "Action": 1, "Resource": "*")")),
            "statement 1: Action: must be a string or a list of strings");
  EXPECT_EQ(refusal(statement(R"("Effect": "Allow", "Action": "*")")),
            "statement 1: needs either Resource or NotResource");
  EXPECT_EQ(
      refusal(statement(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*")")),
      "statement 1: Principal has no place in an identity-based policy");
  EXPECT_EQ(
      refusal(statement(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*")"),
              Kind::trust),
      "statement 1: Resource has no place in a trust policy");
  EXPECT_EQ(
      refusal(statement(R"("Effect": "Allow", "Action": "*", "Principal": "all")"), Kind::trust),
      "statement 1: Principal: must be \"*\" or an object");
  EXPECT_EQ(refusal(statement(R"("Effect": "Allow", "Action": "*", "Resource": "*",
                                 "Condition": {"DateLessThan": {"aws:CurrentTime": "x"}})")),
            "statement 1: unknown condition operator DateLessThan");
  for (const char* name : {"NullIfExists", "ForAllValues:Null", "ForSomeValues:Bool",
                           "ForAnyValue:ForAllValues:Bool", "ForAnyValue:"}) {
    EXPECT_EQ(refusal(statement(fmt::format(
                  R"("Effect": "Allow", "Action": "*", "Resource": "*",
                     "Condition": {{"{}": {{"x:a": "true"}}}})",
                  name))),
              fmt::format("statement 1: unknown condition operator {}", name));
  }
  EXPECT_EQ(refusal(statement(R"("Effect": "Allow", "Action": "*", "Resource": "*",
                                 "Condition": {"Bool": {"x:a": null}})")),
            "statement 1: x:a of Bool: must be a string, a number, true, false or a list of these");
  EXPECT_EQ(
      refusal(statement(R"("Effect": "Allow", "Action": "*", "Resource": "*", "Conditon": {})")),
      "statement 1: unknown element Conditon");
}

}  // namespace
}  // namespace aws::policy
