/* eslint-disable */
// Made from schema/config.schema.json by test/config-schema.test.ts: UPDATE=1 npx vitest run test/config-schema.test.ts
export const validate = validate21;
export default validate21;
const schema6 = {"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":false,"properties":{"$schema":{"type":"string"},"preset":{"enum":["recommended","hotfix","all"]},"rules":{"type":"object","additionalProperties":false,"properties":{"constraint-never-validated":{"allOf":[{"$ref":"#/definitions/severity"}]},"narrowing-type-change":{"allOf":[{"$ref":"#/definitions/severity"}]},"not-null-over-existing-rows":{"allOf":[{"$ref":"#/definitions/severity"}]},"orphan-cleanup-before-foreign-key":{"allOf":[{"$ref":"#/definitions/severity"}]},"orphan-cleanup-ineffective":{"allOf":[{"$ref":"#/definitions/severity"}]},"orphan-cleanup-too-broad":{"allOf":[{"$ref":"#/definitions/severity"}]},"required-column-without-default":{"allOf":[{"$ref":"#/definitions/severity"}]},"unique-over-existing-rows":{"allOf":[{"$ref":"#/definitions/severity"}]}}},"ignores":{"type":"array","items":{"type":"object","required":["reason"],"additionalProperties":false,"properties":{"path":{"type":"string"},"rules":{"type":"array","minItems":1,"items":{"enum":["constraint-never-validated","narrowing-type-change","not-null-over-existing-rows","orphan-cleanup-before-foreign-key","orphan-cleanup-ineffective","orphan-cleanup-too-broad","required-column-without-default","unique-over-existing-rows"]}},"reason":{"type":"string","pattern":"\\S"}}}},"migrations":{"type":"array","items":{"type":"string"}},"postgres":{"enum":[14,15,16,17,18]},"execution":{"enum":["batch","split"]},"parser":{"enum":["postgres","portable"]},"base":{"type":"string","pattern":"\\S"},"failOn":{"enum":["error","warning","info","never"]},"baseline":{"type":"string","pattern":"\\S"}},"definitions":{"severity":{"enum":["off","error","warning","info"]}}};
const func2 = Object.prototype.hasOwnProperty;
const schema7 = {"enum":["off","error","warning","info"]};

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!((((data === "off") || (data === "error")) || (data === "warning")) || (data === "info"))){
const err0 = {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema7.enum}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}

const pattern0 = new RegExp("\\S", "u");

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema6.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.$schema !== undefined){
if(typeof data.$schema !== "string"){
const err1 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.preset !== undefined){
let data1 = data.preset;
if(!(((data1 === "recommended") || (data1 === "hotfix")) || (data1 === "all"))){
const err2 = {instancePath:instancePath+"/preset",schemaPath:"#/properties/preset/enum",keyword:"enum",params:{allowedValues: schema6.properties.preset.enum}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.rules !== undefined){
let data2 = data.rules;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 in data2){
if(!((((((((key1 === "constraint-never-validated") || (key1 === "narrowing-type-change")) || (key1 === "not-null-over-existing-rows")) || (key1 === "orphan-cleanup-before-foreign-key")) || (key1 === "orphan-cleanup-ineffective")) || (key1 === "orphan-cleanup-too-broad")) || (key1 === "required-column-without-default")) || (key1 === "unique-over-existing-rows"))){
const err3 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data2["constraint-never-validated"] !== undefined){
if(!(validate22(data2["constraint-never-validated"], {instancePath:instancePath+"/rules/constraint-never-validated",parentData:data2,parentDataProperty:"constraint-never-validated",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["narrowing-type-change"] !== undefined){
if(!(validate22(data2["narrowing-type-change"], {instancePath:instancePath+"/rules/narrowing-type-change",parentData:data2,parentDataProperty:"narrowing-type-change",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["not-null-over-existing-rows"] !== undefined){
if(!(validate22(data2["not-null-over-existing-rows"], {instancePath:instancePath+"/rules/not-null-over-existing-rows",parentData:data2,parentDataProperty:"not-null-over-existing-rows",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["orphan-cleanup-before-foreign-key"] !== undefined){
if(!(validate22(data2["orphan-cleanup-before-foreign-key"], {instancePath:instancePath+"/rules/orphan-cleanup-before-foreign-key",parentData:data2,parentDataProperty:"orphan-cleanup-before-foreign-key",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["orphan-cleanup-ineffective"] !== undefined){
if(!(validate22(data2["orphan-cleanup-ineffective"], {instancePath:instancePath+"/rules/orphan-cleanup-ineffective",parentData:data2,parentDataProperty:"orphan-cleanup-ineffective",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["orphan-cleanup-too-broad"] !== undefined){
if(!(validate22(data2["orphan-cleanup-too-broad"], {instancePath:instancePath+"/rules/orphan-cleanup-too-broad",parentData:data2,parentDataProperty:"orphan-cleanup-too-broad",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["required-column-without-default"] !== undefined){
if(!(validate22(data2["required-column-without-default"], {instancePath:instancePath+"/rules/required-column-without-default",parentData:data2,parentDataProperty:"required-column-without-default",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["unique-over-existing-rows"] !== undefined){
if(!(validate22(data2["unique-over-existing-rows"], {instancePath:instancePath+"/rules/unique-over-existing-rows",parentData:data2,parentDataProperty:"unique-over-existing-rows",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
}
else {
const err4 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.ignores !== undefined){
let data11 = data.ignores;
if(Array.isArray(data11)){
const len0 = data11.length;
for(let i0=0; i0<len0; i0++){
let data12 = data11[i0];
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.reason === undefined){
const err5 = {instancePath:instancePath+"/ignores/" + i0,schemaPath:"#/properties/ignores/items/required",keyword:"required",params:{missingProperty: "reason"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key2 in data12){
if(!(((key2 === "path") || (key2 === "rules")) || (key2 === "reason"))){
const err6 = {instancePath:instancePath+"/ignores/" + i0,schemaPath:"#/properties/ignores/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data12.path !== undefined){
if(typeof data12.path !== "string"){
const err7 = {instancePath:instancePath+"/ignores/" + i0+"/path",schemaPath:"#/properties/ignores/items/properties/path/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data12.rules !== undefined){
let data14 = data12.rules;
if(Array.isArray(data14)){
if(data14.length < 1){
const err8 = {instancePath:instancePath+"/ignores/" + i0+"/rules",schemaPath:"#/properties/ignores/items/properties/rules/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
const len1 = data14.length;
for(let i1=0; i1<len1; i1++){
let data15 = data14[i1];
if(!((((((((data15 === "constraint-never-validated") || (data15 === "narrowing-type-change")) || (data15 === "not-null-over-existing-rows")) || (data15 === "orphan-cleanup-before-foreign-key")) || (data15 === "orphan-cleanup-ineffective")) || (data15 === "orphan-cleanup-too-broad")) || (data15 === "required-column-without-default")) || (data15 === "unique-over-existing-rows"))){
const err9 = {instancePath:instancePath+"/ignores/" + i0+"/rules/" + i1,schemaPath:"#/properties/ignores/items/properties/rules/items/enum",keyword:"enum",params:{allowedValues: schema6.properties.ignores.items.properties.rules.items.enum}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath:instancePath+"/ignores/" + i0+"/rules",schemaPath:"#/properties/ignores/items/properties/rules/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data12.reason !== undefined){
let data16 = data12.reason;
if(typeof data16 === "string"){
if(!pattern0.test(data16)){
const err11 = {instancePath:instancePath+"/ignores/" + i0+"/reason",schemaPath:"#/properties/ignores/items/properties/reason/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/ignores/" + i0+"/reason",schemaPath:"#/properties/ignores/items/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath:instancePath+"/ignores/" + i0,schemaPath:"#/properties/ignores/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath:instancePath+"/ignores",schemaPath:"#/properties/ignores/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.migrations !== undefined){
let data17 = data.migrations;
if(Array.isArray(data17)){
const len2 = data17.length;
for(let i2=0; i2<len2; i2++){
if(typeof data17[i2] !== "string"){
const err15 = {instancePath:instancePath+"/migrations/" + i2,schemaPath:"#/properties/migrations/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath:instancePath+"/migrations",schemaPath:"#/properties/migrations/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.postgres !== undefined){
let data19 = data.postgres;
if(!(((((data19 === 14) || (data19 === 15)) || (data19 === 16)) || (data19 === 17)) || (data19 === 18))){
const err17 = {instancePath:instancePath+"/postgres",schemaPath:"#/properties/postgres/enum",keyword:"enum",params:{allowedValues: schema6.properties.postgres.enum}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.execution !== undefined){
let data20 = data.execution;
if(!((data20 === "batch") || (data20 === "split"))){
const err18 = {instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/enum",keyword:"enum",params:{allowedValues: schema6.properties.execution.enum}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.parser !== undefined){
let data21 = data.parser;
if(!((data21 === "postgres") || (data21 === "portable"))){
const err19 = {instancePath:instancePath+"/parser",schemaPath:"#/properties/parser/enum",keyword:"enum",params:{allowedValues: schema6.properties.parser.enum}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.base !== undefined){
let data22 = data.base;
if(typeof data22 === "string"){
if(!pattern0.test(data22)){
const err20 = {instancePath:instancePath+"/base",schemaPath:"#/properties/base/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/base",schemaPath:"#/properties/base/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.failOn !== undefined){
let data23 = data.failOn;
if(!((((data23 === "error") || (data23 === "warning")) || (data23 === "info")) || (data23 === "never"))){
const err22 = {instancePath:instancePath+"/failOn",schemaPath:"#/properties/failOn/enum",keyword:"enum",params:{allowedValues: schema6.properties.failOn.enum}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.baseline !== undefined){
let data24 = data.baseline;
if(typeof data24 === "string"){
if(!pattern0.test(data24)){
const err23 = {instancePath:instancePath+"/baseline",schemaPath:"#/properties/baseline/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/baseline",schemaPath:"#/properties/baseline/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}

